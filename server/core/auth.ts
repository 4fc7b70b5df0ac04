import { createHmac } from 'node:crypto'
import { PrismaAdapter } from '@auth/prisma-adapter'
import type { NextAuthOptions } from 'next-auth'
import GoogleProvider, { type GoogleProfile } from 'next-auth/providers/google'
import { db } from './db.ts'
import { baseUrl, env } from './env.ts'
import { sessionCookieName } from './gates.ts'
import { ownAddress } from './http.ts'
import { registry } from './registry.ts'

/** What a verified ID token says of a person. */
export interface SignIn {
  userId: string
  googleId: string
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

/**
 * The sign-in's set-up: database sessions, PKCE, state and nonce, the ID token's signature, issuer, audience and expiry checked
 * by the OpenID client. `recordSignIn` is told of each one that passed.
 */
export function authOptions(recordSignIn: (signIn: SignIn) => Promise<void>): NextAuthOptions {
  const secure = baseUrl().startsWith('https:')
  return {
    adapter: PrismaAdapter(db() as never),
    secret: secret(),
    providers: provider(),
    session: { strategy: 'database', maxAge: 30 * 24 * 3600, updateAge: 24 * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: {
      sessionToken: { name: sessionCookieName(secure), options: { httpOnly: true, sameSite: 'lax', path: '/', secure } },
    },
    callbacks: {
      signIn: ({ profile }) => (profile as GoogleProfile | undefined)?.email_verified === true,
      redirect: ({ url }) => ownAddress(url, baseUrl()),
    },
    events: {
      signIn: async ({ user, profile, account }) => {
        if (!account || !profile) return
        const { name, picture } = profile as GoogleProfile
        await recordSignIn({ userId: user.id, googleId: account.providerAccountId, name: name ?? null, image: picture ?? null })
      },
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  }
}
