/** Time and randomness come in through this seam, so tests decide both. Times are milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A number in [0, 1). */
  random(): number
}

/** A clock whose pauses end at once, with the signal's reason, when the signal fires. */
export const heeding = (clock: Clock, signal: AbortSignal): Clock => ({ ...clock, sleep: (ms) => clock.sleep(ms, signal) })

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}
