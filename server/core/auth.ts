import { createHmac } from 'node:crypto'
import { PrismaAdapter } from '@auth/prisma-adapter'
import type { NextAuthOptions } from 'next-auth'
import type { Adapter, AdapterAccount } from 'next-auth/adapters'
import GoogleProvider, { type GoogleProfile } from 'next-auth/providers/google'
import { hashSecret, sessionCookieName } from './credentials.ts'
import { db } from './db.ts'
import { allowedDomains, baseUrl, env } from './env.ts'
import { ownAddress } from './http.ts'
import { logger } from './logger.ts'
import { registry } from './registry.ts'

/** What a verified ID token says of a person. */
export interface SignIn {
  userId: string
  googleId: string
  /** Verified by Google at this sign-in; a person may have another one than last time. */
  email: string
  name: string | null
  image: string | null
}

function secret(): string {
  return env().NEXTAUTH_SECRET ?? createHmac('sha256', registry('platformSecret')).update('next-auth').digest('hex')
}

function provider() {
  const identity = registry('identity')
  if (!identity) return []
  const { issuer, wellKnown, clientId, clientSecret } = identity
  return [
    GoogleProvider({
      issuer,
      wellKnown,
      clientId,
      clientSecret,
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      // Google is the only provider and vouches for the address (see signIn below), so a person who was known by e-mail first is linked.
      allowDangerousEmailAccountLinking: true,
      authorization: { params: { scope: 'openid email profile', prompt: 'select_account' } },
      profile: (profile: GoogleProfile) => ({
        id: profile.sub,
        googleId: profile.sub,
        email: profile.email.toLowerCase(),
        name: profile.name,
        image: profile.picture,
        emailVerified: new Date(registry('clock').now()),
      }),
    }),
  ]
}

/** How long a session lasts; each day on which it is used it is made as long again. */
export const sessionSeconds = 30 * 24 * 3600

/** From where somebody signs in, for the list of their sessions. */
export interface From {
  address: string | null
  userAgent: string | null
}

/**
 * The library's tables, without the provider's tokens: nobody asks Google anything on a person's behalf. Of a session's secret the hash alone
 * is kept; the library never learns that.
 */
export function tables(from: From): Adapter {
  const adapter = PrismaAdapter(db() as never) as Adapter
  const linkAccount = ({ userId, type, provider, providerAccountId }: AdapterAccount) =>
    adapter.linkAccount?.({ userId, type, provider, providerAccountId })
  return {
    ...adapter,
    linkAccount,
    async createSession({ sessionToken, userId, expires }) {
      await db().session.create({ data: { sessionToken: hashSecret(sessionToken), userId, expires, ...from } })
      return { sessionToken, userId, expires }
    },
    async getSessionAndUser(sessionToken) {
      const found = await adapter.getSessionAndUser?.(hashSecret(sessionToken))
      return found ? { ...found, session: { ...found.session, sessionToken } } : null
    },
    async updateSession({ sessionToken, ...changes }) {
      const updated = await adapter.updateSession?.({ ...changes, sessionToken: hashSecret(sessionToken) })
      return updated && { ...updated, sessionToken }
    },
    async deleteSession(sessionToken) {
      await db().session.deleteMany({ where: { sessionToken: hashSecret(sessionToken) } })
    },
  }
}

/** Every cookie of the sign-in under the prefix that no other host of the domain can set; some last as long as a sign-in may take. */
function cookies(secure: boolean): NonNullable<NextAuthOptions['cookies']> {
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure }
  const named = (name: string, more = {}) => ({ name: `${secure ? '__Host-' : ''}next-auth.${name}`, options: { ...options, ...more } })
  const shortLived = { maxAge: 15 * 60 }
  return {
    sessionToken: { name: sessionCookieName(secure), options },
    callbackUrl: named('callback-url'),
    csrfToken: named('csrf-token'),
    pkceCodeVerifier: named('pkce.code_verifier', shortLived),
    state: named('state', shortLived),
    nonce: named('nonce', shortLived),
  }
}

/** Why a verified profile may not come in: codes that the sign-in page has words for. */
export type EntryRefusal = 'AccessDenied' | 'DomainNotAllowed' | 'Suspended'

/**
 * Whether a verified profile may come in. An address that was given to somebody else opens nothing of the person who had it before:
 * Google's own id says who is who.
 */
export async function entryRefusal(profile: { email_verified?: unknown; email: string; sub: string }): Promise<EntryRefusal | null> {
  const { email_verified: verified, sub } = profile
  // Some signs of other alphabets become Latin letters in lower case: the Kelvin sign would make an administrator's address of a stranger's.
  if (verified !== true || !/^\p{ASCII}+$/u.test(profile.email)) return 'AccessDenied'
  const email = profile.email.toLowerCase()
  const domains = allowedDomains()
  if (domains.length > 0 && !domains.includes(email.slice(email.lastIndexOf('@') + 1))) return 'DomainNotAllowed'
  const known = await db().user.findUnique({ where: { email }, select: { googleId: true } })
  if (known?.googleId && known.googleId !== sub) return 'AccessDenied'
  const suspended = await db().user.count({ where: { OR: [{ googleId: sub }, { email }], suspendedAt: { not: null } } })
  return suspended > 0 ? 'Suspended' : null
}

/**
 * The sign-in's set-up: database sessions, PKCE, state and nonce, the ID token's signature, issuer, audience and expiry checked
 * by the OpenID client. `recordSignIn` is told of each one that passed.
 */
export function authOptions(recordSignIn: (signIn: SignIn) => Promise<void>, from: From): NextAuthOptions {
  const secure = baseUrl().startsWith('https:')
  return {
    adapter: tables(from),
    secret: secret(),
    providers: provider(),
    session: { strategy: 'database', maxAge: sessionSeconds, updateAge: 24 * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: cookies(secure),
    callbacks: {
      signIn: async ({ profile }) => {
        const refusal = profile ? await entryRefusal(profile as GoogleProfile) : 'AccessDenied'
        return refusal === null || `/sign-in?error=${refusal}`
      },
      redirect: ({ url }) => ownAddress(url, baseUrl()),
    },
    events: {
      signIn: async ({ user, profile, account }) => {
        if (!account || !profile) return
        const { name, picture, email } = profile as GoogleProfile
        const person = { email: email.toLowerCase(), name: name ?? null, image: picture ?? null }
        await recordSignIn({ userId: user.id, googleId: account.providerAccountId, ...person })
      },
    },
    // The code alone: what the library adds may hold tokens.
    logger: { error: (code) => logger.warn({ code }, 'a sign-in went wrong'), warn: () => undefined, debug: () => undefined },
  }
}
