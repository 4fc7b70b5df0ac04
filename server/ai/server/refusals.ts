import type { ServerResponse } from 'node:http'
import type { EnvelopeRefusal, RefusalCode } from '../envelope/types.ts'

/** Each refusal has its own status, so that a log of a proxy in between tells them apart. */
export const refusalStatus: Record<RefusalCode, number> = {
  altered: 400,
  'unknown-caller': 401,
  'budget-spent': 402,
  misbound: 403,
  old: 408,
  replayed: 409,
  'unknown-key': 410,
  'before-start': 412,
  oversized: 413,
  'not-sealed': 415,
  malformed: 422,
  early: 425,
  'too-many': 429,
}

/** Answers with a code and nothing else: neither what was sent nor why exactly it was not liked. */
export function refuse(response: ServerResponse, { code, retryAfterMs }: EnvelopeRefusal, hangUp: boolean): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify({ error: { code, ...(retryAfterMs !== undefined && { retryAfterMs }) } })
  response.writeHead(refusalStatus[code], {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs), 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
    // A body that was not read to its end must not be taken for the next request.
    ...(hangUp && { connection: 'close' }),
  })
  response.end(body)
}
