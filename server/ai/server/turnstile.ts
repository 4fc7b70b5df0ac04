import { EnvelopeRefusal } from '../envelope/types.ts'

const soonMs = 1_000

/**
 * Lets `most` pieces of work be done at a time and `waiting` more wait for their turn, in order; whoever comes then is refused.
 * Whoever's signal fires while it waits gives up its place.
 */
export function makeTurnstile(most: number, waiting: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let busy = 0
  const queue: (() => void)[] = []

  async function turn(signal: AbortSignal): Promise<void> {
    if (busy < most) {
      busy++
      return
    }
    if (queue.length >= waiting) throw new EnvelopeRefusal('too-many', soonMs)
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        queue.splice(queue.indexOf(enter), 1)
        reject(signal.reason)
      }
      queue.push(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return async (work, signal) => {
    await turn(signal)
    try {
      return await work()
    } finally {
      // The place is handed on, not given up, so nobody slips in between.
      const next = queue.shift()
      if (next) next()
      else busy--
    }
  }
}
