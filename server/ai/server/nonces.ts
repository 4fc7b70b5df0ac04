import { maxAgeMs, maxSkewMs } from '../envelope/types.ts'

/** What becomes of a nonce: it is new, it was seen before, or there is no room to remember it until `retryAfterMs` from now. */
export type Taken = { as: 'new' } | { as: 'seen' } | { as: 'no-room'; retryAfterMs: number }

/** Longer than any request can be taken, whatever the two clocks say. */
const keptMs = maxAgeMs + 2 * maxSkewMs

/**
 * Remembers the nonces of the requests that were taken, for as long as they could be taken again. Nothing is forgotten before its
 * time: while there is no room, new requests are not taken.
 */
export function openNonces(most: number): { take(nonce: string, now: number): Taken } {
  // In the order in which they came, which is the order in which they end.
  const ends = new Map<string, number>()
  return {
    take(nonce, now) {
      for (const [old, end] of ends) {
        if (end > now) break
        ends.delete(old)
      }
      if (ends.has(nonce)) return { as: 'seen' }
      if (ends.size >= most) return { as: 'no-room', retryAfterMs: Math.max(1, (ends.values().next().value ?? now) - now) }
      ends.set(nonce, now + keptMs)
      return { as: 'new' }
    },
  }
}
