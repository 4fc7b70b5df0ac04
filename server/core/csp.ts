import { randomBytes } from 'node:crypto'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** The header in which the front tells pages the nonce of their scripts. */
export const nonceHeader = 'x-nonce'
/** Where Next looks for the nonce that its own scripts are to carry. */
export const policyHeader = 'content-security-policy'

/** A value that nobody can guess, made for one answer. */
export const newNonce = (): string => randomBytes(16).toString('base64')

interface PolicyOptions {
  /** As the browser reached this server, with its port. */
  host: string
  secure: boolean
  /** The development server runs what it has just compiled with eval. */
  development: boolean
  /** What besides itself a page may show in a frame. */
  frames?: string | null
}

/** What a page of Maestro may load and do, around its nonce: made once for each name of this server. */
export function policyMaker({ host, secure, development, frames }: PolicyOptions): (nonce: string) => string {
  // 'self' covers WebSockets in most browsers; not in all that are in use. An IPv6 address is no source that a policy may name.
  const sockets = host.startsWith('[') ? '' : ` ${secure ? 'wss' : 'ws'}://${host}`
  const before = "default-src 'self'; script-src 'nonce-"
  const after = [
    `' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https://lh3.googleusercontent.com",
    `connect-src 'self'${sockets}`,
    `frame-src 'self'${frames ? ` ${frames}` : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
  return (nonce) => `${before}${nonce}${after}`
}

/** What a browser shows as a page of this origin, scripts included. */
const pageTypes = /^\s*(text\/html|application\/xhtml\+xml|image\/svg\+xml|(text|application)\/xml)\b/i

/** Gives an answer the policy where it is a page and has none of its own: a download keeps its stricter one. */
export function withPolicy(response: ServerResponse, policy: string): void {
  const writeHead = response.writeHead
  response.writeHead = function patched(this: ServerResponse, ...args: Parameters<ServerResponse['writeHead']>) {
    const given = args.find((arg): arg is OutgoingHttpHeaders => typeof arg === 'object' && arg !== null && !Array.isArray(arg))
    const type = given?.['content-type'] ?? this.getHeader('content-type')
    const page = type === undefined || pageTypes.test(String(type))
    if (page && !this.headersSent && !this.hasHeader(policyHeader)) this.setHeader(policyHeader, policy)
    return writeHead.apply(this, args)
  } as ServerResponse['writeHead']
}
