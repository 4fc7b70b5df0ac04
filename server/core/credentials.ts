import { createHash, randomBytes } from 'node:crypto'
import { baseUrl } from './env.ts'

/** What of a request's headers is read here; `Headers` and Next's own are such. */
export interface HeadersLike {
  get(name: string): string | null
}

/** The header in which the front tells the rest of the server where a request came from; whatever a client sends in it is dropped. */
export const addressHeader = 'x-maestro-address'

/** The header in which the front tells pages their own address, for the way back from signing in. */
export const pathHeader = 'x-maestro-path'

/** What is kept of a secret that is shown or sent once: its SHA-256 in hex. Secrets are random, so no slow hash is needed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A new secret of 256 random bits behind a prefix by which scanners of repositories know it. */
export const newSecret = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`

/** What every API token begins with. */
export const tokenPrefix = 'mst'

/** The session cookie's name: `__Host-` on HTTPS, so that no other host of the domain can set it. */
export const sessionCookieName = (secure: boolean) => `${secure ? '__Host-' : ''}next-auth.session-token`

/** The session cookie's value in a Cookie header, or null. */
export function sessionSecret(cookieHeader: string | null | undefined, secure = baseUrl().startsWith('https:')): string | null {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=')
    if (name === sessionCookieName(secure)) return value.join('=') || null
  }
  return null
}

/** The API token of an Authorization header, or null where there is no such header; an empty string where it carries something else. */
export function bearerSecret(authorization: string | null | undefined): string | null {
  if (!authorization) return null
  return /^Bearer +([\w~+/.-]{1,200}=*) *$/i.exec(authorization)?.[1] ?? ''
}
