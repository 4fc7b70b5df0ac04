import { db } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import type { DeploymentStatus, ServiceState } from '@/server/core/generated/prisma/enums.ts'

/** A deployment as stored. */
export type DeploymentRow = NonNullable<Awaited<ReturnType<typeof findDeployment>>>
/** A service with its project's name and its current deployment. */
export type ServiceRow = NonNullable<Awaited<ReturnType<typeof findService>>>

/** The deployment of a build, or null. */
export const findDeployment = (projectId: ProjectId, buildId: string) => db().deployment.findFirst({ where: { projectId, buildId } })

/** One deployment by its own id. */
export const findDeploymentById = (projectId: ProjectId, id: string) => db().deployment.findFirst({ where: { projectId, id } })

/** The newest deployments, newest first. */
export const listDeployments = (projectId: ProjectId, take: number) =>
  db().deployment.findMany({ where: { projectId }, orderBy: { number: 'desc' }, take })

/** The numbers of the builds that were deployed. */
export async function buildNumbers(projectId: ProjectId, buildIds: string[]): Promise<Map<string, number>> {
  const rows = await db().build.findMany({ where: { projectId, id: { in: buildIds } }, select: { id: true, number: true } })
  return new Map(rows.map((row) => [row.id, row.number]))
}

/** Stores a new deployment under the project's next number; the project's row is locked so that two never take the same. */
export const insertDeployment = (
  projectId: ProjectId,
  input: { buildId: string; run: Prisma.InputJsonObject; monitoring: Prisma.InputJsonObject | null; at: Date },
) =>
  db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Project" WHERE "id" = ${projectId} FOR UPDATE`
    const last = await tx.deployment.aggregate({ where: { projectId }, _max: { number: true } })
    return tx.deployment.create({
      data: {
        projectId,
        number: (last._max.number ?? 0) + 1,
        buildId: input.buildId,
        run: input.run,
        monitoring: input.monitoring ?? undefined,
        createdAt: input.at,
      },
    })
  })

/** Gives a deployment that has not ended its outcome; returns whether this call did. */
export async function settleDeployment(
  projectId: ProjectId,
  id: string,
  outcome: { status: DeploymentStatus; reason: string | null; healthyAt: Date | null },
): Promise<boolean> {
  const { count } = await db().deployment.updateMany({ where: { projectId, id, status: 'STARTING' }, data: outcome })
  return count === 1
}

/** A service with what its page and the proxy need. */
export const findService = (projectId: ProjectId) =>
  db().service.findUnique({ where: { projectId }, include: { project: { select: { slug: true, title: true } } } })

/** Writes a service's state; `changedAt` moves only where the state does. */
export async function saveService(
  projectId: ProjectId,
  change: { state: ServiceState; reason: string | null; at: Date; currentDeploymentId?: string; checkedAt?: Date },
): Promise<boolean> {
  const { state, reason, at, currentDeploymentId, checkedAt } = change
  const rest = { reason, ...(currentDeploymentId ? { currentDeploymentId } : {}), ...(checkedAt ? { checkedAt } : {}) }
  await db().service.upsert({ where: { projectId }, create: { projectId, changedAt: at }, update: {} })
  const { count } = await db().service.updateMany({ where: { projectId, state: { not: state } }, data: { ...rest, state, changedAt: at } })
  if (count === 0) await db().service.updateMany({ where: { projectId }, data: rest })
  return count === 1
}

/** Writes what a probe found, unless the service was stopped or switched meanwhile. Returns whether the state changed. */
export async function saveProbe(
  projectId: ProjectId,
  found: { state: ServiceState; reason: string | null; checkedAt: Date; deploymentId: string },
): Promise<boolean> {
  const { state, reason, checkedAt, deploymentId } = found
  const where = { projectId, currentDeploymentId: deploymentId }
  const other: ServiceState = state === 'UP' ? 'DOWN' : 'UP'
  const { count } = await db().service.updateMany({
    where: { ...where, state: other },
    data: { state, reason, checkedAt, changedAt: checkedAt },
  })
  if (count === 0) await db().service.updateMany({ where: { ...where, state }, data: { reason, checkedAt } })
  return count === 1
}
