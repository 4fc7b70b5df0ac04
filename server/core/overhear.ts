import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** What belongs to one answer alone, or to the way it was sent. */
const passing = ['content-encoding', 'content-length', 'transfer-encoding', 'content-security-policy', 'date', 'connection', 'keep-alive']

export interface Overheard {
  body: Buffer
  /** What was said in headers since the listening began. */
  headers: OutgoingHttpHeaders
}

const callbackOf = (args: unknown[]) => args.find((arg) => typeof arg === 'function') as (() => void) | undefined

/**
 * Takes note of what is answered. With `hold` none of it is sent: then `done` answers, by an `end` that is the response's own again.
 * An answer that is cut off is never done.
 */
export function overhear(response: ServerResponse, hold: boolean, done: (heard: Overheard) => unknown): void {
  const before = new Set([...response.getHeaderNames(), ...passing])
  const chunks: Buffer[] = []
  const { write, end, flushHeaders, writeHead } = response
  const take = (chunk: unknown) => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  }
  // Whoever would send the headers now would send them before it is known what they are.
  if (hold) Object.assign(response, { flushHeaders: () => undefined, writeHead: () => response })
  response.write = ((...args: Parameters<typeof write>) => {
    take(args[0])
    if (!hold) return write.apply(response, args)
    callbackOf(args)?.()
    return true
  }) as typeof write
  response.end = ((...args: Parameters<typeof end>) => {
    take(args[0])
    Object.assign(response, { write, end, ...(hold ? { flushHeaders, writeHead } : {}) })
    const headers = Object.fromEntries(Object.entries(response.getHeaders()).filter(([name]) => !before.has(name)))
    if (!hold) end.apply(response, args)
    done({ body: Buffer.concat(chunks), headers })
    return response
  }) as typeof end
}
