import { test } from 'vitest'

/**
 * `test` where a case exists at all: a stand-in has no processes, an ordinary user no root's rights. Not for what a machine
 * lacks: such a test is skipped, and told so, and in CI that fails the run.
 */
export function testWhen(exists: boolean): (name: string, work: () => unknown, timeoutMs?: number) => void {
  return (name, work, timeoutMs) => {
    if (exists) test(name, work as () => Promise<void>, timeoutMs)
  }
}
