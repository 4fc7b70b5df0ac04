import { createHmac } from 'node:crypto'
import { PrismaAdapter } from '@auth/prisma-adapter'
import type { NextAuthOptions } from 'next-auth'
import type { Adapter, AdapterAccount } from 'next-auth/adapters'
import GoogleProvider, { type GoogleProfile } from 'next-auth/providers/google'
import { db } from './db.ts'
import { baseUrl, env } from './env.ts'
import { sessionCookieName } from './gates.ts'
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
  return env().NEXTAUTH_SECRET ?? createHmac('sha256', registry('masterKey')).update('next-auth').digest('hex')
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

/** The library's tables, without the provider's tokens: nobody asks Google anything on a person's behalf. */
function tables(): Adapter {
  const adapter = PrismaAdapter(db() as never) as Adapter
  const linkAccount = ({ userId, type, provider, providerAccountId }: AdapterAccount) =>
    adapter.linkAccount?.({ userId, type, provider, providerAccountId })
  return { ...adapter, linkAccount }
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

/**
 * Whether a verified profile may come in. An address that was given to somebody else opens nothing of the person who had it before:
 * Google's own id says who is who.
 */
async function mayEnter({ email_verified: verified, email, sub }: GoogleProfile): Promise<boolean> {
  if (verified !== true) return false
  const known = await db().user.findUnique({ where: { email: email.toLowerCase() }, select: { googleId: true } })
  return !known?.googleId || known.googleId === sub
}

/**
 * The sign-in's set-up: database sessions, PKCE, state and nonce, the ID token's signature, issuer, audience and expiry checked
 * by the OpenID client. `recordSignIn` is told of each one that passed.
 */
export function authOptions(recordSignIn: (signIn: SignIn) => Promise<void>): NextAuthOptions {
  const secure = baseUrl().startsWith('https:')
  return {
    adapter: tables(),
    secret: secret(),
    providers: provider(),
    session: { strategy: 'database', maxAge: 30 * 24 * 3600, updateAge: 24 * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: cookies(secure),
    callbacks: {
      signIn: ({ profile }) => (profile ? mayEnter(profile as GoogleProfile) : false),
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
