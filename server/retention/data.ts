import { db } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

const open = ['QUEUED', 'RUNNING'] as const

/** A project's finished builds with their console, newest first. */
export const finishedBuilds = (projectId: ProjectId) =>
  db().build.findMany({
    where: { projectId, status: { notIn: [...open] } },
    orderBy: { number: 'desc' },
    select: { id: true, status: true, streamId: true },
  })

/** The builds of the newest `keep` deployments and of the current one. */
export async function deployedBuilds(projectId: ProjectId, keep: number): Promise<Set<string>> {
  const [newest, service] = await Promise.all([
    db().deployment.findMany({ where: { projectId }, orderBy: { number: 'desc' }, take: keep, select: { id: true, buildId: true } }),
    db().service.findUnique({ where: { projectId }, select: { currentDeploymentId: true } }),
  ])
  const current = service?.currentDeploymentId
    ? await db().deployment.findFirst({ where: { projectId, id: service.currentDeploymentId } })
    : null
  return new Set([...newest.map(({ buildId }) => buildId), ...(current ? [current.buildId] : [])])
}

/** Where the artifacts of some builds lie in the object store. */
export async function objectKeys(projectId: ProjectId, buildIds: readonly string[]): Promise<string[]> {
  const rows = await db().artifact.findMany({ where: { projectId, buildId: { in: [...buildIds] } }, select: { objectKey: true } })
  return rows.map(({ objectKey }) => objectKey)
}

/** Removes builds with their stages, steps and artifact rows. */
export async function deleteBuilds(projectId: ProjectId, buildIds: readonly string[]): Promise<void> {
  await db().build.deleteMany({ where: { projectId, id: { in: [...buildIds] } } })
}

/** Removes rows of the ledger from before a time. */
export async function deleteCalls(projectId: ProjectId, before: Date): Promise<void> {
  await db().modelCall.deleteMany({ where: { projectId, startedAt: { lt: before } } })
}
