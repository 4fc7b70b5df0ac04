import { env } from '@/server/core/env.ts'
import { systemProjects } from '@/server/core/gates.ts'
import * as data from '../data.ts'
import { buildExecutors } from '../executors/choose.ts'
import { listWorkspaces, sweepScratch } from '../executors/workspaces.ts'
import { buildEvents } from '../schema.ts'
import { finishBuild } from '../service.ts'
import { carryOutAbort } from './abort.ts'
import { announce, eventId } from './news.ts'

/**
 * For the start of a server: asks again for builds whose request was never heard, ends those whose abort was cut short and those
 * whose run is gone, and removes folders that no open build needs.
 * @param goesOn whether anything that the event with this id started is still to be done; a real Inngest server is not asked
 */
export async function sweepBuilds(goesOn: (eventId: string) => Promise<boolean> = async () => true): Promise<void> {
  // First of all, since a build that begins meanwhile has a folder, too.
  const folders = await listWorkspaces(env().MAESTRO_DATA_DIR)
  const open = new Set<string>()
  for (const { projectId } of await systemProjects()) {
    for (const build of await data.openBuilds(projectId)) {
      const named = { buildId: build.id, number: build.number }
      open.add(build.id)
      if (build.abortRequested) await carryOutAbort(projectId, named)
      else if (build.status === 'QUEUED') await announce(projectId, buildEvents.requested, named, { kind: build.kind })
      if (build.abortRequested || (await goesOn(eventId(buildEvents.requested, build.id)))) continue
      await finishBuild(projectId, build.id, { status: 'FAILURE', reason: 'The run of this build was lost.' })
    }
  }
  for (const name of folders) if (!open.has(name)) await buildExecutors().sandbox.cleanUp(name)
  await sweepScratch(env().MAESTRO_DATA_DIR)
}
