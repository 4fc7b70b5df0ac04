import { Session } from 'node:inspector'
import type { Closing } from './closing.ts'

/** Whoever waited for the first page has it by then. The second time code that nobody called in between is dropped as well. */
const afterMs = [2_000, 3_500]

function collect(): void {
  const session = new Session()
  session.connect()
  // Not from within the answer: the session would wait for itself, for ever.
  session.post('HeapProfiler.collectGarbage', () => setImmediate(() => session.disconnect()))
}

/**
 * Gives back what only the start needed. V8 by itself keeps its nursery at full size, and code that ran once, until there is a lack of
 * memory; asked through the inspector within this process, it lets go of some 30 MB, and under load takes what it needs again.
 */
export function giveBackAfterStart(closing: Closing): void {
  const timers = afterMs.map((ms) => setTimeout(collect, ms).unref())
  closing.push(() => timers.forEach(clearTimeout))
}
