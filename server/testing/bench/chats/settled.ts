import { setTimeout as delay } from 'node:timers/promises'

const pauseMs = 250
const mostLooks = 40
const sameBytes = 128 * 1024

/** What the process holds, after collections, once it holds no less than before: sockets that left are let go of bit by bit. */
export async function settledMemory(): Promise<number> {
  let last = Number.POSITIVE_INFINITY
  for (let look = 0; look < mostLooks; look++) {
    globalThis.gc?.()
    // Buffers are counted among what is external.
    const { heapUsed, external } = process.memoryUsage()
    const held = heapUsed + external
    if (Math.abs(last - held) < sameBytes) return held
    last = held
    await delay(pauseMs)
  }
  return last
}
