import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { abortState } from '../data.ts'
import { BuildEnded } from './types.ts'

/** The topic on which the steps of one build hear that it is to end. */
export const abortTopic = (buildId: string) => `build-abort:${buildId}`

// A hint may be lost with the connection that carries it; the row it speaks of is not.
const askAgainMs = 2_000

/** A signal that fires when somebody ends the build, in whatever process that happens. Call `stop` when the step is over. */
export function watchAbort(projectId: ProjectId, buildId: string): { signal: AbortSignal; abort(error: Error): void; stop(): void } {
  const controller = new AbortController()
  const ask = async () => {
    const state = await abortState(projectId, buildId).catch(() => null)
    if (state?.requested || state?.over) controller.abort(new BuildEnded('The build was ended.'))
  }
  const unsubscribe = registry('hub').subscribe(abortTopic(buildId), () => void ask())
  const timer = setInterval(() => void ask(), askAgainMs)
  timer.unref()
  return {
    signal: controller.signal,
    abort: (error) => controller.abort(error),
    stop() {
      unsubscribe()
      clearInterval(timer)
    },
  }
}
