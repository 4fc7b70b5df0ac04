import { AppError } from '@/server/core/errors.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { buildEvents } from '../schema.ts'
import { finishBuild } from '../service.ts'
import { abortTopic } from '../steps/abort.ts'
import { announce, changed } from './news.ts'
import type { Named } from './types.ts'

// A command is killed within milliseconds; this is for one whose process hangs in the kernel.
const abortPatienceMs = 3_000

/** Waits until nothing of a build runs any more, or patience ends. */
async function untilQuiet(projectId: ProjectId, buildId: string): Promise<void> {
  const clock = registry('clock')
  for (const end = clock.now() + abortPatienceMs; clock.now() < end; await clock.sleep(20)) {
    const state = await data.abortState(projectId, buildId)
    if (state.over || state.running === 0) return
  }
}

/** Ends a build whose abort was asked for. */
export async function carryOutAbort(projectId: ProjectId, build: Named): Promise<void> {
  await announce(projectId, buildEvents.abortRequested, build)
  registry('hub').publish(abortTopic(build.buildId), { kind: 'abort' })
  changed(projectId, build.number)
  await untilQuiet(projectId, build.buildId)
  await finishBuild(projectId, build.buildId, { status: 'ABORTED' })
}

/**
 * Ends a build in the queue or at work; who asked is recorded. Ending it again changes nothing.
 * @throws AppError NOT_FOUND, or CONFLICT where it is over by other means
 */
export async function abortBuild(projectId: ProjectId, actorId: ActorId | null, number: number): Promise<void> {
  const build = await data.findBuildId(projectId, number)
  if (!build) throw new AppError('NOT_FOUND', 'There is no such build.', 'number')
  const first = await data.markAbortRequested(projectId, build.id, actorId, new Date(registry('clock').now()))
  if (!first && !build.abortRequested) {
    const state = await data.abortState(projectId, build.id)
    if (state.over && !state.requested) throw new AppError('CONFLICT', 'This build is over.')
  }
  await carryOutAbort(projectId, { buildId: build.id, number })
}
