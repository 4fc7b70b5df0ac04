import { randomBytes } from 'node:crypto'
import type { AdapterUser } from 'next-auth/adapters'
import { type EntryRefusal, entryRefusal, type From, type SignIn, sessionSeconds, tables } from './auth.ts'
import { sessionCookieName } from './credentials.ts'
import { db } from './db.ts'
import { baseUrl } from './env.ts'
import { AppError } from './errors.ts'
import { type Claims, claimsOf, takeToken } from './id-token.ts'
import { registry } from './registry.ts'

const refusals: Record<EntryRefusal, () => AppError> = {
  AccessDenied: () =>
    new AppError('FORBIDDEN', 'This account may not come in: its address has to be verified and its own.', undefined, { key: 'noEntry' }),
  DomainNotAllowed: () =>
    new AppError('FORBIDDEN', 'Addresses of this domain may not sign in here.', undefined, { key: 'domainNotAllowed' }),
  Suspended: () => new AppError('FORBIDDEN', 'This account is suspended.', undefined, { key: 'suspended' }),
}

/** The person of a verified profile, by the provider's id, else by the address, else made: as the library's own sign-in does. */
async function personOf({ sub, email, name, picture }: Claims, from: From): Promise<AdapterUser> {
  const { getUserByAccount, getUserByEmail, createUser, linkAccount } = tables(from)
  const account = { provider: 'google', providerAccountId: sub }
  const known = await getUserByAccount?.(account)
  if (known) return known
  const profile = { googleId: sub, email: email.toLowerCase(), name, image: picture, emailVerified: null }
  const person = (await getUserByEmail?.(profile.email)) ?? (await createUser?.(profile as never))
  if (!person) throw new Error('the tables of the sign-in make no people')
  await linkAccount?.({ ...account, type: 'oauth', userId: person.id })
  return person
}

const isTaken = (err: unknown) => (err as { code?: unknown } | null)?.code === 'P2002'

/** First sign-ins of one person at once meet twice: one makes the person, and one links the account. Whoever comes second finds what was made. */
async function personOnce(claims: Claims, from: From, tries = 3): Promise<AdapterUser> {
  try {
    return await personOf(claims, from)
  } catch (err) {
    if (tries > 1 && isTaken(err)) return personOnce(claims, from, tries - 1)
    throw err
  }
}

function cookie(secret: string, expires: Date): string {
  const secure = baseUrl().startsWith('https:')
  return `${sessionCookieName(secure)}=${secret}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

async function profileOf(id: string, googleId: string) {
  const { email, name, image, emailVerified, createdAt, lastLoginAt } = await db().user.findUniqueOrThrow({ where: { id } })
  const times = { created_at: createdAt.toISOString(), last_login: lastLoginAt?.toISOString() ?? null }
  return { google_id: googleId, email, name, picture: image, verified_email: emailVerified !== null, ...times }
}

/**
 * Makes a session of an ID token of the identity provider, by the rules of the sign-in in the browser. Each token is good for one.
 * @throws AppError UNAUTHENTICATED for the token, FORBIDDEN for the person, UNAVAILABLE where the provider cannot be asked
 */
export async function signInWithToken(token: string, from: From, recordSignIn: (signIn: SignIn) => Promise<void>) {
  const claims = await claimsOf(token)
  await takeToken(token, claims.expires)
  const refused = await entryRefusal(claims)
  if (refused) throw refusals[refused]()
  const { id: userId } = await personOnce(claims, from)
  const { sub: googleId, name, picture } = claims
  await recordSignIn({ userId, googleId, email: claims.email.toLowerCase(), name: name ?? null, image: picture ?? null })
  const [secret, expires] = [randomBytes(32).toString('base64url'), new Date(registry('clock').now() + sessionSeconds * 1_000)]
  await tables(from).createSession?.({ sessionToken: secret, userId, expires })
  return { user: await profileOf(userId, googleId), cookie: cookie(secret, expires) }
}
