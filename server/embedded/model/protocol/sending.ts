import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from './errors.ts'
import type { Faults } from './faults.ts'
import type { WireMessage } from './reply.ts'
import { eventsOf, sse, stampedEvents } from './stream.ts'

/** Sends a whole answer. */
export function send(
  response: ServerResponse,
  status: number,
  body: object,
  requestId: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers }).end(JSON.stringify(body))
}

/** Waits, but not for a client that has gone. */
async function pause(response: ServerResponse, ms: number): Promise<void> {
  if (ms <= 0 || response.destroyed) return
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  response.once('close', leave)
  await delay(ms, undefined, { signal: gone.signal }).catch(() => undefined)
  response.off('close', leave)
}

/** Sends a message in one piece, or what a fault leaves of it. */
export async function sendMessage(response: ServerResponse, message: WireMessage, faults: Faults, requestId: string): Promise<void> {
  await pause(response, faults.slowMs)
  if (faults.sseError) throw new ApiError('overloaded_error', 'Overloaded (fault control).')
  if (!faults.cut) return send(response, 200, message, requestId)
  const text = JSON.stringify(message)
  response.writeHead(200, { 'content-type': 'application/json', 'request-id': requestId, 'content-length': Buffer.byteLength(text) })
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy())
}

/** Holds deltas back so that so many leave a second, by the clock and not by the one before. */
function pacer(response: ServerResponse, rate: number) {
  let begun = 0
  let sent = 0
  return async (): Promise<void> => {
    if (rate === 0) return
    begun ||= performance.now()
    await pause(response, begun + (++sent * 1_000) / rate - performance.now())
  }
}

/** Resolves when there is room again, or nobody listens any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      response.off('drain', leave).off('close', leave)
      resolve()
    }
    response.on('drain', leave).on('close', leave)
  })
}

/** Sends a message as events, at the pace and with the end that its faults name. */
export async function sendStream(
  response: ServerResponse,
  message: WireMessage,
  faults: Faults,
  { requestId, wordByWord }: { requestId: string; wordByWord: boolean },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'request-id': requestId })
  const next = pacer(response, faults.rate)
  let deltas = 0
  const events = faults.words > 0 ? stampedEvents(message, faults.words) : eventsOf(message, wordByWord)
  for (let step = events.next(); !step.done; step = events.next()) {
    const event = step.value
    if (response.destroyed) return
    const room = response.write(sse(event))
    if (event.type === 'ping') await pause(response, faults.slowMs)
    if (event.type === 'content_block_delta') {
      if (++deltas >= faults.breaksAfter && (faults.cut || faults.sseError)) return breakOff(response, faults)
      // Before the next one is made: those that carry a time carry the one at which they leave.
      await next()
    }
    if (!room && !response.destroyed) await drained(response)
  }
  response.end()
}

function breakOff(response: ServerResponse, faults: Faults): void {
  if (faults.sseError) response.end(sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded (fault control).' } }))
  else response.socket?.end(() => response.destroy())
}
