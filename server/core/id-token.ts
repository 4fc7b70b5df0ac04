import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { hashSecret } from './credentials.ts'
import { db } from './db.ts'
import { AppError } from './errors.ts'
import { logger } from './logger.ts'
import { type Registry, registry } from './registry.ts'

type Identity = NonNullable<Registry['identity']>

/** As long as an ID token may be; Google's have some 1,200 characters. */
export const maxTokenChars = 8_192
/** Clocks differ a little, and no token of Google's is good for more than an hour. */
const [toleranceSeconds, maxAgeSeconds] = [60, 3_600]
const usedTokens = 'google-id-token'

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().min(3).max(320),
  email_verified: z.unknown().optional(),
  name: z.string().max(300).nullish().catch(null),
  picture: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullish()
    .catch(null),
})
/** What a verified ID token says of a person. */
export type Claims = z.infer<typeof claimsSchema>

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() })
const keySets = new Map<string, Promise<ReturnType<typeof createRemoteJWKSet>>>()

async function discover({ issuer, wellKnown }: Identity) {
  const answer = await fetch(wellKnown, { signal: AbortSignal.timeout(5_000), redirect: 'error', cache: 'no-store' })
  if (!answer.ok) throw new Error(`the identity provider answered ${answer.status}`)
  const found = discoverySchema.parse(await answer.json())
  if (found.issuer !== issuer) throw new Error('the identity provider names another issuer')
  return createRemoteJWKSet(new URL(found.jwks_uri))
}

/** The provider's keys: its discovery document is read once, and its keys anew as they change. */
function keysOf(identity: Identity) {
  const known = keySets.get(identity.wellKnown) ?? discover(identity)
  keySets.set(identity.wellKnown, known)
  known.catch(() => keySets.delete(identity.wellKnown))
  return known
}

const badToken = () => new AppError('UNAUTHENTICATED', 'This ID token is not valid here.', 'token', { key: 'idTokenBad' })
/** What the library says where the provider could not be asked; all else it says is about the token. */
const unreachable = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'])

function refusal(err: unknown): Error {
  if (err instanceof errors.JWTExpired)
    return new AppError('UNAUTHENTICATED', 'This ID token has expired.', 'token', { key: 'idTokenExpired' })
  if (err instanceof errors.JOSEError && !unreachable.has(err.code)) return badToken()
  // The error's own words may hold what the provider answered; its name does not.
  logger.warn({ reason: err instanceof Error ? err.name : 'unknown' }, 'the identity provider could not be asked for its keys')
  return new AppError('UNAVAILABLE', 'The sign-in provider cannot be reached just now.', undefined, { key: 'providerAway' })
}

async function payloadOf(token: string, identity: Identity): Promise<JWTPayload> {
  const { issuer, clientId } = identity
  // Google names itself with and without the scheme.
  const issuers = [issuer, issuer.replace(/^https:\/\//, '')]
  const options = { algorithms: ['RS256'], audience: clientId, issuer: issuers, requiredClaims: ['sub', 'exp', 'iat'] }
  const times = { clockTolerance: toleranceSeconds, maxTokenAge: maxAgeSeconds, currentDate: new Date(registry('clock').now()) }
  try {
    return (await jwtVerify(token, await keysOf(identity), { ...options, ...times })).payload
  } catch (err) {
    throw refusal(err)
  }
}

/**
 * What an ID token says, once the provider's signature, the issuer, the audience and the time are right.
 * @throws AppError UNAUTHENTICATED, or UNAVAILABLE where the provider cannot be asked
 */
export async function claimsOf(token: string): Promise<Claims & { expires: Date }> {
  const identity = registry('identity')
  if (!identity) throw new AppError('UNAVAILABLE', 'Sign-in is not set up here.', undefined, { key: 'noSignIn' })
  const payload = await payloadOf(token, identity)
  const claims = claimsSchema.safeParse(payload)
  // A token made out to several is not ours alone to take.
  if (!claims.success || typeof payload.aud !== 'string') throw badToken()
  return { ...claims.data, expires: new Date(((payload.exp ?? 0) + toleranceSeconds) * 1_000) }
}

/**
 * Takes a token out of use. What was signed counts and not the token as it was written: base64 has several ways to write one signature.
 * @throws AppError UNAUTHENTICATED where it was used before
 */
export async function takeToken(token: string, expires: Date): Promise<void> {
  await db().verificationToken.deleteMany({ where: { identifier: usedTokens, expires: { lt: new Date(registry('clock').now()) } } })
  const row = { identifier: usedTokens, token: hashSecret(token.slice(0, token.lastIndexOf('.'))), expires }
  const { count } = await db().verificationToken.createMany({ data: [row], skipDuplicates: true })
  if (count === 0) throw new AppError('UNAUTHENTICATED', 'This ID token was used before.', 'token', { key: 'idTokenUsed' })
}
