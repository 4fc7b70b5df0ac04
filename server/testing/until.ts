import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again and again until `ask` gives something other than false, null or undefined, and returns that.
 * An error that `ask` throws counts as "not yet" and is the cause of the final one.
 * The end is far away on purpose: it tells a state that never comes from a slow machine, and whoever reaches the state never waits for it.
 * @throws Error after `timeoutMs`
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 60_000, everyMs = 15, what = 'the state' }: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  let cause: unknown
  for (const end = Date.now() + timeoutMs; ; await delay(everyMs)) {
    try {
      const answer = await ask()
      if (answer !== false && answer !== null && answer !== undefined) return answer as NonNullable<Exclude<T, false>>
    } catch (error) {
      cause = error
    }
    if (Date.now() >= end) throw new Error(`${what} was not reached within ${timeoutMs} ms`, { cause })
  }
}
