import { z } from 'zod'

/**
 * The app and the AI server speak in sealed requests and sealed answers. A request is a JWE (RSA-OAEP-256, A256GCM, compressed) for the AI
 * server's key, and in it a JWS by the caller's key (EdDSA), and in that these claims with the request itself. The answer is a row of frames
 * under the key that the request brought, numbered, so that none is dropped, swapped or repeated unnoticed.
 */
export const envelopeVersion = 1

/** What the caller signs besides the request. Times are milliseconds since the epoch, money is in millionths of a US dollar. */
export const claimsSchema = z.object({
  v: z.literal(envelopeVersion),
  /** Thumbprint of the caller's key, and of the AI server's key that this was sealed for. */
  iss: z.string().min(1).max(100),
  aud: z.string().min(1).max(100),
  /** The nonce: a request is taken once. */
  jti: z.uuid(),
  iat: z.number().int(),
  project: z.string().min(1).max(100),
  purpose: z.string().min(1).max(100),
  /** What may be spent under `id` (a build), and what the caller knows to be spent; null where nothing bounds it. */
  budget: z.object({ id: z.string().max(100), limitMicros: z.number().int(), spentMicros: z.number().int() }).nullable(),
  /** Bounds for the whole project: calls at once, and calls a minute. */
  limits: z.object({ concurrent: z.number().int().min(1), perMinute: z.number().int().min(1) }),
  /** The answer's key: 32 random bytes, base64url, used for this answer alone. */
  reply: z.string().length(43),
})
export type Claims = z.infer<typeof claimsSchema>

/** The request to the Messages API. */
export const innerRequestSchema = z.object({
  path: z.enum(['/v1/messages', '/v1/messages/count_tokens']),
  /** `anthropic-version`, `anthropic-beta` and what else the API reads; never credentials. */
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})
export type InnerRequest = z.infer<typeof innerRequestSchema>

/** Why the AI server took no request. Each has its own HTTP status; a refusal repeats nothing of what it refuses. */
export const refusalCodes = [
  'not-sealed',
  'unknown-key',
  'altered',
  'unknown-caller',
  'misbound',
  'old',
  'early',
  'before-start',
  'replayed',
  'oversized',
  'malformed',
  'budget-spent',
  'too-many',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** Thrown by whoever opens a request or a frame. `no plaintext` ever stands in its message. */
export class EnvelopeRefusal extends Error {
  override readonly name = 'EnvelopeRefusal'
  constructor(
    readonly code: RefusalCode,
    readonly retryAfterMs?: number,
  ) {
    super(`The request was refused: ${code}.`)
  }
}

/** One piece of an answer, in order: a head, data and states in between, an end. An answer without its end was cut off. */
export type Frame =
  | { kind: 'head'; status: number; headers: Record<string, string> }
  | { kind: 'data'; bytes: Uint8Array }
  /** The model is busy; the AI server asks again after `waitMs`. */
  | { kind: 'state'; state: 'waiting'; status: number; waitMs: number; attempt: number }
  | { kind: 'end' }

/** The media types of both directions, and the one address that takes requests. */
export const sealedRequestType = 'application/jose'
export const sealedAnswerType = 'application/vnd.maestro.sealed-frames'
export const sealedPath = '/v1/sealed'
export const keysPath = '/.well-known/jwks.json'

/** A request's sealed form may have this many bytes, and what it holds once opened this many: the Messages API takes 32 MB. */
export const maxSealedBytes = 48 * 1024 * 1024
export const maxOpenedBytes = 40 * 1024 * 1024
/** A request may be this old, and the two clocks this far apart. */
export const maxAgeMs = 60_000
export const maxSkewMs = 5_000
