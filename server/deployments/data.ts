import { db, pool } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
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

/** Whether a build was begun with the demo model. */
export async function isDemoBuild(projectId: ProjectId, buildId: string): Promise<boolean> {
  return (await db().build.count({ where: { projectId, id: buildId, demoModel: true } })) > 0
}

/** The numbers of the builds that were deployed. */
export async function buildNumbers(projectId: ProjectId, buildIds: string[]): Promise<Map<string, number>> {
  const rows = await db().build.findMany({ where: { projectId, id: { in: buildIds } }, select: { id: true, number: true } })
  return new Map(rows.map((row) => [row.id, row.number]))
}

/** Stores a new deployment under the project's next number; the project's row is locked so that two never take the same. */
export const insertDeployment = (
  projectId: ProjectId,
  input: { id: string; buildId: string; runSealed: Buffer | null; monitoringSealed: Buffer | null; at: Date },
) =>
  db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Project" WHERE "id" = ${projectId} FOR UPDATE`
    const last = await tx.deployment.aggregate({ where: { projectId }, _max: { number: true } })
    return tx.deployment.create({
      data: {
        id: input.id,
        projectId,
        number: (last._max.number ?? 0) + 1,
        buildId: input.buildId,
        runSealed: bytes(input.runSealed),
        monitoringSealed: bytes(input.monitoringSealed),
        createdAt: input.at,
      },
    })
  })

// What is written now is sealed; what an older version wrote beside it goes.
const bytes = (sealed: Buffer | null) => sealed && Buffer.from(sealed)
const words = (reasonSealed: Buffer | null) => ({ reason: null, reasonSealed: bytes(reasonSealed) })

/** Gives a deployment that has not ended its outcome; returns whether this call did. */
export async function settleDeployment(
  projectId: ProjectId,
  id: string,
  { reasonSealed, ...outcome }: { status: DeploymentStatus; reasonSealed: Buffer | null; healthyAt: Date | null },
): Promise<boolean> {
  const data = { ...outcome, ...words(reasonSealed) }
  const { count } = await db().deployment.updateMany({ where: { projectId, id, status: 'STARTING' }, data })
  return count === 1
}

/** Deployments without an outcome whose build is over: nobody will give them one any more. */
export async function cutOff(projectId: ProjectId): Promise<string[]> {
  const starting = await db().deployment.findMany({ where: { projectId, status: 'STARTING' }, select: { id: true, buildId: true } })
  if (starting.length === 0) return []
  const ids = starting.map(({ buildId }) => buildId)
  const open = await db().build.findMany({
    where: { projectId, id: { in: ids }, status: { in: ['QUEUED', 'RUNNING'] } },
    select: { id: true },
  })
  const going = new Set(open.map(({ id }) => id))
  return starting.filter(({ buildId }) => !going.has(buildId)).map(({ id }) => id)
}

/** A service with what its page and the proxy need; null also where its project was given up. */
export const findService = (projectId: ProjectId) =>
  db().service.findUnique({
    where: { projectId, project: { deletedAt: null } },
    include: { project: { select: { slug: true, title: true } } },
  })

/** A project's service name, also of one that was given up; null where there is no such project. */
export const slugOf = async (projectId: ProjectId) =>
  (await db().project.findUnique({ where: { id: projectId }, select: { slug: true } }))?.slug ?? null

/** Makes the service's row where the project has none yet. */
export async function ensureService(projectId: ProjectId): Promise<void> {
  await db().service.createMany({ data: [{ projectId }], skipDuplicates: true })
}

/** Writes a service's state; `changedAt` moves only where the state does. */
export async function saveService(
  projectId: ProjectId,
  change: { state: ServiceState; reasonSealed: Buffer | null; at: Date; currentDeploymentId?: string; checkedAt?: Date },
): Promise<boolean> {
  const { state, reasonSealed, at, currentDeploymentId, checkedAt } = change
  const rest = { ...words(reasonSealed), ...(currentDeploymentId ? { currentDeploymentId } : {}), ...(checkedAt ? { checkedAt } : {}) }
  const { count } = await db().service.updateMany({ where: { projectId, state: { not: state } }, data: { ...rest, state, changedAt: at } })
  if (count === 0) await db().service.updateMany({ where: { projectId }, data: rest })
  return count === 1
}

/** Writes what a probe found, unless the service was stopped or switched meanwhile. Returns whether the state changed. */
export async function saveProbe(
  projectId: ProjectId,
  found: { state: ServiceState; reasonSealed: Buffer | null; checkedAt: Date; deploymentId: string },
): Promise<boolean> {
  const { state, reasonSealed, checkedAt, deploymentId } = found
  const where = { projectId, currentDeploymentId: deploymentId }
  const other: ServiceState = state === 'UP' ? 'DOWN' : 'UP'
  const { count } = await db().service.updateMany({
    where: { ...where, state: other },
    data: { state, ...words(reasonSealed), checkedAt, changedAt: checkedAt },
  })
  if (count === 0) await db().service.updateMany({ where: { ...where, state }, data: { ...words(reasonSealed), checkedAt } })
  return count === 1
}

/** Writes in one go that a deployment is the one in use: its own outcome, the one before it, and the service's state. */
export async function recordSwitch(projectId: ProjectId, deploymentId: string, at: Date): Promise<void> {
  await db().$transaction([
    db().deployment.updateMany({ where: { projectId, status: 'HEALTHY', id: { not: deploymentId } }, data: { status: 'REPLACED' } }),
    db().deployment.updateMany({ where: { projectId, id: deploymentId }, data: { status: 'HEALTHY', ...words(null), healthyAt: at } }),
    db().service.updateMany({
      where: { projectId },
      data: { state: 'UP', ...words(null), currentDeploymentId: deploymentId, changedAt: at, checkedAt: at },
    }),
  ])
}

/** Whether one of these deployments has no outcome yet. */
export const isStarting = async (projectId: ProjectId, number: number) =>
  (await db().deployment.count({ where: { projectId, number, status: 'STARTING' } })) > 0

/** A lock holds a connection while its work asks the pool for more; were all of them held, nothing would ever go on. */
const locksAtOnce = 3
let held = 0
const waiting: (() => void)[] = []

async function takeTurn(): Promise<void> {
  if (held < locksAtOnce) held++
  else await new Promise<void>((resolve) => waiting.push(resolve))
}

/** The turn goes to whoever waits longest. */
function giveTurn(): void {
  const next = waiting.shift()
  if (next) next()
  else held--
}

/**
 * Runs `work` while no other process changes what runs as this service. The lock belongs to a connection, so it ends with the
 * process that holds it, however that ends.
 */
export async function withServiceLock<T>(projectId: ProjectId, work: () => Promise<T>): Promise<T> {
  await takeTurn()
  try {
    const client = await pool().connect()
    try {
      await client.query(`SELECT pg_advisory_lock(hashtextextended('service:' || $1, 0))`, [projectId])
      return await work()
    } finally {
      // Ending the connection ends the lock, also where the query that would do so fails.
      client.release(true)
    }
  } finally {
    giveTurn()
  }
}

/** How many services of the platform are in each state; a project that never had one is not counted. */
export async function countServices(): Promise<Partial<Record<ServiceState, number>>> {
  const groups = await db().service.groupBy({ by: ['state'], _count: { _all: true } })
  return Object.fromEntries(groups.map(({ state, _count }) => [state, _count._all]))
}
