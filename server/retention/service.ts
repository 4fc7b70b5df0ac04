import { env } from '@/server/core/env.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { deleteStreamsOf } from '@/server/streams/service.ts'
import * as data from './data.ts'
import { buildsToDiscard } from './rules.ts'

const keptDeployments = 20
const dayMs = 24 * 3600 * 1000
const ledgerDays = 400

async function discardOf(projectId: ProjectId, keep: number): Promise<number> {
  const [builds, deployed] = await Promise.all([data.finishedBuilds(projectId), data.deployedBuilds(projectId, keptDeployments)])
  const ids = buildsToDiscard(
    builds.map(({ id, status }) => ({ id, status, deployed: deployed.has(id) })),
    keep,
  )
  if (ids.length === 0) return 0
  // Content first, rows last: whatever cuts this short, the next time finds the rows and goes on.
  const keys = await data.objectKeys(projectId, ids)
  for (const key of keys) await registry('objects').delete(key)
  await deleteStreamsOf(
    projectId,
    builds.filter(({ id }) => ids.includes(id)).map(({ streamId }) => streamId),
  )
  await data.deleteBuilds(projectId, ids)
  // Once more: what was sealed anew at that moment still had its row.
  for (const key of keys) await registry('objects').delete(key)
  return ids.length
}

/**
 * Retention: of each project the newest MAESTRO_KEEP_BUILDS finished builds stay, with consoles and artifacts, and besides them
 * those that recent deployments came of and the last successful one; the ledger of model calls stays for 400 days. Gives the
 * number of builds that went. Safe to repeat.
 */
export async function discardOldBuilds(keep: number = env().MAESTRO_KEEP_BUILDS): Promise<number> {
  let discarded = 0
  for (const { projectId } of await systemProjects()) {
    discarded += await discardOf(projectId, keep)
    await data.deleteCalls(projectId, new Date(registry('clock').now() - ledgerDays * dayMs))
  }
  return discarded
}
