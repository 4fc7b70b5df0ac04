import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorCode } from './errors.ts'
import type { Place } from './room.ts'

/** Why a request's body was not taken. */
export type BodyTrouble = 'long' | 'slow' | 'crowded'

interface Bounds {
  maxBytes: number
  maxMs: number
  /** Where it waits; what finds no room there is not kept. */
  place?: Place
}

/** Whether a request brings a body at all. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/**
 * Waits until a request's body is here as a whole, then says so; whoever reads the request then finds it untouched. A body that is too long or takes
 * too long is not kept, and what still comes of it is thrown away. Of a client that goes away nothing is said.
 */
export function holdBody(request: IncomingMessage, { maxBytes, maxMs, place }: Bounds, done: (trouble: BodyTrouble | null) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    done('long')
    return
  }
  // It waited here for something else meanwhile.
  if (request.complete) {
    done(null)
    return
  }
  let kept: Buffer[] = []
  let bytes = 0
  const early: Buffer | null = request.read()
  const push = request.push
  const settle = (trouble: BodyTrouble | null) => {
    clearTimeout(timer)
    request.off('close', forget)
    place?.leave()
    request.push = push
    if (!trouble) for (const chunk of [...kept, null]) request.push(chunk)
    kept = []
    done(trouble)
  }
  const forget = () => {
    clearTimeout(timer)
    place?.leave()
    kept = []
  }
  const timer = setTimeout(() => settle('slow'), maxMs)
  request.once('close', forget)
  const take = (chunk: Buffer | null) => {
    if (chunk === null) settle(null)
    else {
      bytes += chunk.length
      if (bytes > maxBytes) settle('long')
      else if (place && !place.take(chunk.length)) settle('crowded')
      else kept.push(chunk)
    }
    // More may come, whatever stands here already.
    return true
  }
  request.push = take
  if (early) take(early)
}

/** How long the rest of a refused body is read and thrown away, so that its sender gets to read why. */
const drainMs = 10_000
const codes = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  408: 'BAD_REQUEST',
  413: 'TOO_LARGE',
  421: 'NOT_FOUND',
  503: 'UNAVAILABLE',
} satisfies Record<number, ErrorCode>
export type RefusalStatus = keyof typeof codes

/** Answers a request that nobody behind the front is to see, and ends its connection. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message }: { status: RefusalStatus; message: string },
): void {
  const body = JSON.stringify({ success: false, error_code: codes[status], message, details: null })
  // The rest of a refused request must not be taken for the next one on this connection.
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': randomUUID(),
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...(status === 503 && { 'retry-after': '5' }),
  })
  if (request.complete || !hasBody(request) || status === 408) {
    response.end(body)
    return
  }
  // A connection that is closed while something unread waits in it takes the answer with it.
  response.write(body)
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, drainMs)
  request.once('end', end).once('close', end).resume()
}
