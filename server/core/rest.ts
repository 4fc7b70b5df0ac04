import { randomUUID } from 'node:crypto'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { AppError, httpStatus, isAppError, type PublicError, publicError } from './errors.ts'
import { logger } from './logger.ts'

/** An error that HTTP has a status of its own for; among our codes it is a bad request. */
export class HttpError extends AppError {
  constructor(
    readonly status: number,
    message: string,
    field?: string,
  ) {
    super('BAD_REQUEST', message, field)
  }
}

/** One field that was refused. */
interface BadField {
  field: string
  message: string
}

/** All that a refused input got wrong, the input's own faults only: an output that is refused is a fault of ours. */
function badFields(err: unknown): BadField[] | null {
  if (!(err instanceof TRPCError && err.code === 'BAD_REQUEST' && err.cause instanceof z.ZodError)) return null
  return err.cause.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
}

/** What the envelope says of an error beyond its message; `reason` is the same word in every language and version. */
function detailsOf(fields: BadField[] | null, reason: string | undefined, retryAfter: number | undefined) {
  const details = { ...(fields && { fields }), ...(reason && { reason }), ...(retryAfter && { retryAfter }) }
  return Object.keys(details).length > 0 ? details : null
}

/**
 * The one form in which REST and the raw routes refuse: our own words where they are ours; anything else is logged as `what` and masked.
 * What a procedure failed at comes as the library's error, and was logged at its border.
 */
export function refusalOf(err: unknown, what: string, more: { headers?: Record<string, string>; requestId?: string } = {}): Response {
  const cause = err instanceof TRPCError && isAppError(err.cause) ? err.cause : err
  const refused = badFields(err)
  const shown: PublicError = refused ? { code: 'BAD_REQUEST', message: 'The input was refused.' } : publicError(cause)
  const { code, message, field, key, retryAfter } = shown
  const requestId = more.requestId ?? randomUUID()
  if (code === 'INTERNAL' && !(err instanceof TRPCError)) logger.error({ err, requestId }, what)
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-request-id': requestId, ...more.headers }
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter)
  if (code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer realm="Maestro"'
  const fields = refused ?? (field === undefined ? null : [{ field, message }])
  const body = { success: false, error_code: code, message, details: detailsOf(fields, key, retryAfter) }
  return Response.json(body, { status: cause instanceof HttpError ? cause.status : httpStatus[code], headers })
}

/** The headers of a download: what others made is saved by the browser and never shown as a page of ours. */
export const downloadHeaders = (mediaType: string, disposition: string) => ({
  'content-type': mediaType,
  'content-disposition': disposition,
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-store',
})

/** Hands pieces of text on as they are made, no faster than they are taken. */
export function streamedText(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
