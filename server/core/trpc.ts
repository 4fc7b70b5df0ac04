import { initTRPC, TRPCError } from '@trpc/server'
import type { OpenApiMeta } from 'trpc-to-openapi'
import { z } from 'zod'
import { AppError, type ErrorCode, isAppError, type PublicError, publicError } from './errors.ts'
import type { Caller } from './gates.ts'
import { logger } from './logger.ts'
import { transformer } from './wire.ts'

/** What every call knows: who asks, and under which id it is found in the logs. */
export interface Context {
  caller: Caller
  /** Where the request came from, as far as it can be believed. */
  address: string | null
  userAgent: string | null
  requestId: string
}

const trpcCodes = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPCError['code']>

/** What the library says of requests that no client of ours sends. */
const unreadable = new Set<TRPCError['code']>(['BAD_REQUEST', 'PARSE_ERROR', 'METHOD_NOT_SUPPORTED', 'UNSUPPORTED_MEDIA_TYPE'])
/** Calls that one request may carry; the client makes no larger batch. */
export const batchLimit = 20

/** What a thrown error becomes for the caller: our own words where they are ours, the first bad field of a refused input, else a mask. */
export function errorForCaller(error: TRPCError): PublicError {
  if (isAppError(error.cause)) return publicError(error.cause)
  // An output that its schema refuses is a fault of ours, and no word of it is the caller's.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.ZodError) {
    const issue = error.cause.issues[0]
    return { code: 'BAD_REQUEST', message: issue?.message ?? 'The input was refused.', field: issue?.path.join('.') }
  }
  if (error.code === 'NOT_FOUND') return { code: 'NOT_FOUND', message: 'There is no such procedure.' }
  if (unreadable.has(error.code)) return { code: 'BAD_REQUEST', message: 'The request could not be read.' }
  return publicError(error)
}

/** Whom a procedure's gate lets in; the gate itself says so, and the documentation repeats it. */
export type Access = 'user' | 'session' | 'beta' | 'admin' | 'reader' | 'viewer' | 'maintainer' | 'owner'

const t = initTRPC
  .context<Context>()
  .meta<OpenApiMeta<{ access?: Access }>>()
  .create({
    transformer,
    errorFormatter: ({ shape, error }) => {
      const shown = errorForCaller(error)
      return { ...shape, message: shown.message, data: { code: shape.data.code, httpStatus: shape.data.httpStatus, error: shown } }
    },
  })

export const router = t.router
export const mergeRouters = t.mergeRouters
export const middleware = t.middleware
export const createCallerFactory = t.createCallerFactory

/** Makes a caller's context; what it refuses (a bad API token) keeps its status on the wire. */
export async function contextOrRefusal(make: () => Promise<Context>): Promise<Context> {
  try {
    return await make()
  } catch (error) {
    if (isAppError(error)) throw new TRPCError({ code: trpcCodes[error.code], message: error.message, cause: error })
    throw error
  }
}

/** What a row belongs to was deleted between the gate and the row: an account, a project. Prisma's word for it, and PostgreSQL's. */
const lostParent = (cause: unknown) => ['P2003', '23503'].includes(String((cause as { code?: unknown } | undefined)?.code))
const deletedMeanwhile = () =>
  new AppError('CONFLICT', 'What this belongs to was deleted meanwhile.', undefined, { key: 'deletedMeanwhile' })

// An AppError keeps its status on the wire; everything unexpected is logged once, here, and masked by the formatter.
const border = t.middleware(async ({ next, path, ctx }) => {
  const result = await next()
  if (result.ok) return result
  const cause = lostParent(result.error.cause) ? deletedMeanwhile() : result.error.cause
  if (isAppError(cause)) throw new TRPCError({ code: trpcCodes[cause.code], message: cause.message, cause })
  if (result.error.code === 'INTERNAL_SERVER_ERROR')
    logger.error({ err: cause ?? result.error, path, requestId: ctx.requestId }, 'procedure failed')
  return result
})

/** For everybody; the gates in `core/gates.ts` narrow it. */
export const publicProcedure = t.procedure.use(border)

/** The longest time that one of the errors asks to wait, in seconds. */
export function retryAfterOf(errors: readonly TRPCError[]): number | undefined {
  const waits = errors.map(({ cause }) => (isAppError(cause) ? cause.retryAfter : undefined)).filter((wait) => wait !== undefined)
  return waits.length > 0 ? Math.max(...waits) : undefined
}
