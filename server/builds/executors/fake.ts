import { setTimeout as delay } from 'node:timers/promises'
import type { Executor, RunResult, RunSpec } from './types.ts'
import { prepareWorkspace, removeWorkspace } from './workspaces.ts'

/**
 * Runs nothing. What a command would have done is set from outside, in its environment: `FAKE_SLEEP_MS`, `FAKE_EXIT_CODE`,
 * `FAKE_OUTPUT`, `FAKE_OUT_OF_MEMORY=1`, `FAKE_LOST=1`. For tests of what stands above an executor.
 */
export function fakeExecutor(dataDir: string): Executor {
  const running = new Map<string, AbortController>()

  async function pretend(spec: RunSpec, signal: AbortSignal): Promise<Omit<RunResult, 'durationMs'>> {
    const wait = Number(spec.env?.FAKE_SLEEP_MS ?? 0)
    const slept = await delay(Math.min(wait, spec.timeoutMs), true, { signal }).catch(() => false)
    if (!slept) return { outcome: 'cancelled', exitCode: null }
    if (wait > spec.timeoutMs) return { outcome: 'timeout', exitCode: null, detail: `It ran longer than ${spec.timeoutMs / 1000} s.` }
    if (spec.env?.FAKE_OUT_OF_MEMORY) return { outcome: 'out-of-memory', exitCode: null }
    if (spec.env?.FAKE_LOST) return { outcome: 'lost', exitCode: null }
    return { outcome: 'exited', exitCode: Number(spec.env?.FAKE_EXIT_CODE ?? 0) }
  }

  return {
    name: 'fake',
    prepare: (workspaceId) => prepareWorkspace(dataDir, workspaceId),
    cleanUp: (workspaceId) => removeWorkspace(dataDir, workspaceId),
    trial: async () => ({ ok: true }),
    async cancel(key) {
      running.get(key)?.abort()
      return running.delete(key)
    },
    async run(spec, onOutput, signal) {
      const own = new AbortController()
      running.get(spec.key)?.abort()
      running.set(spec.key, own)
      const startedAt = performance.now()
      const text = Buffer.from(spec.env?.FAKE_OUTPUT ?? '')
      const limit = spec.outputLimitBytes ?? Number.POSITIVE_INFINITY
      if (text.length > 0) await onOutput(text.subarray(0, limit))
      const over = text.length > limit && ({ outcome: 'output-limit', exitCode: null } as const)
      const result = over || (await pretend(spec, signal ? AbortSignal.any([signal, own.signal]) : own.signal))
      if (running.get(spec.key) === own) running.delete(spec.key)
      return { ...result, durationMs: performance.now() - startedAt }
    },
  }
}
