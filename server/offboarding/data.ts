import { db, type Tx } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'

const open = ['QUEUED', 'RUNNING'] as const

/** A project's service name. */
export const findService = async (projectId: ProjectId) =>
  (await db().project.findUnique({ where: { id: projectId }, select: { slug: true } }))?.slug ?? null

/** Marks a project as given up; from then on no gate opens it. False where that was done before. */
export const markGivenUp = async (tx: Tx, projectId: string, at: Date) =>
  (await tx.project.updateMany({ where: { id: projectId, deletedAt: null }, data: { deletedAt: at } })).count === 1

/** Marks a person's own space as given up, where there is one; gives its id. */
export async function giveUpSpace(tx: Tx, actorId: ActorId, at: Date): Promise<string | null> {
  const space = await tx.project.findUnique({ where: { personalOf: actorId }, select: { id: true } })
  if (space) await markGivenUp(tx, space.id, at)
  return space?.id ?? null
}

/** The people of a project. */
export const memberIds = async (projectId: string) =>
  (await db().membership.findMany({ where: { projectId }, select: { userId: true } })).map(({ userId }) => userId)

/** The numbers of a project's builds that are queued or at work. */
export const openBuilds = async (projectId: ProjectId) =>
  (await db().build.findMany({ where: { projectId, status: { in: [...open] } }, select: { number: true } })).map(({ number }) => number)

export const buildIds = async (projectId: ProjectId) =>
  (await db().build.findMany({ where: { projectId }, select: { id: true } })).map(({ id }) => id)

/** Where a project's artifacts lie in the object store. */
export const objectKeys = async (projectId: ProjectId) =>
  (await db().artifact.findMany({ where: { projectId }, select: { objectKey: true } })).map(({ objectKey }) => objectKey)

/** Removes a project that was given up, with every row that belongs to it, its keys among them. */
export async function deleteProject(projectId: ProjectId): Promise<void> {
  await db().project.deleteMany({ where: { id: projectId, deletedAt: { not: null } } })
}

const person = { id: true, name: true, displayName: true, email: true, suspendedAt: true } as const

/** The projects a person owns, each with its people. */
export const findOwned = (tx: Tx, actorId: ActorId) =>
  tx.project.findMany({
    where: { deletedAt: null, memberships: { some: { userId: actorId, role: 'OWNER' } } },
    orderBy: { slug: 'asc' },
    select: {
      id: true,
      slug: true,
      title: true,
      memberships: { orderBy: [{ role: 'asc' }, { createdAt: 'asc' }], select: { role: true, user: { select: person } } },
    },
  })

/** The same outside a transaction. */
export const ownedNow = (actorId: ActorId) => findOwned(db(), actorId)

/** The projects a person is a member of. */
export const findMemberships = (actorId: ActorId) =>
  db().membership.findMany({
    where: { userId: actorId, project: { deletedAt: null } },
    orderBy: { project: { slug: 'asc' } },
    select: { role: true, createdAt: true, project: { select: { slug: true, title: true } } },
  })

/**
 * Holds everything that decides about an account still until the transaction ends: the person (nobody makes a project for them), the
 * people of the projects they own, and who is an administrator. False where the account is gone.
 */
export async function lockAccount(tx: Tx, actorId: ActorId): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "User" WHERE id = ${actorId} FOR UPDATE`
  await tx.$queryRaw`SELECT p.id FROM "Project" p JOIN "Membership" m ON m."projectId" = p.id
    WHERE m."userId" = ${actorId} AND m.role = 'OWNER' AND p."deletedAt" IS NULL ORDER BY p.id FOR NO KEY UPDATE OF p`
  return rows.length > 0
}

/** Gives a project to one of its members. */
export async function makeOwner(tx: Tx, projectId: string, userId: string): Promise<void> {
  await tx.membership.update({ where: { userId_projectId: { userId, projectId } }, data: { role: 'OWNER' } })
}

/** Removes a person and what is only theirs. What they did in others' projects stays without their name. */
export async function deleteUser(tx: Tx, actorId: ActorId): Promise<void> {
  await tx.build.updateMany({ where: { createdById: actorId, cause: { startsWith: 'Started by ' } }, data: { cause: 'Started by hand' } })
  await tx.build.updateMany({ where: { createdById: actorId }, data: { createdById: null } })
  await tx.build.updateMany({ where: { abortedById: actorId }, data: { abortedById: null } })
  await tx.invitation.updateMany({ where: { invitedById: actorId }, data: { invitedById: null } })
  await tx.betaApplication.updateMany({ where: { decidedById: actorId }, data: { decidedById: null } })
  await tx.user.delete({ where: { id: actorId } })
}

/** What an export tells of the person, their tokens and sessions without a secret, their applications and what they told us. */
export const findExport = (actorId: ActorId) =>
  db().user.findUnique({
    where: { id: actorId },
    select: {
      email: true,
      emailVerified: true,
      name: true,
      displayName: true,
      image: true,
      googleId: true,
      locale: true,
      theme: true,
      createdAt: true,
      lastLoginAt: true,
      approvedAt: true,
      onboardedAt: true,
      sessions: { orderBy: { id: 'asc' }, select: { createdAt: true, lastSeenAt: true, expires: true, address: true, userAgent: true } },
      tokens: {
        orderBy: { createdAt: 'asc' },
        select: { name: true, prefix: true, scopes: true, createdAt: true, expiresAt: true, lastUsedAt: true },
      },
      applications: {
        orderBy: { createdAt: 'asc' },
        select: {
          name: true,
          company: true,
          purpose: true,
          teamSize: true,
          consentAt: true,
          status: true,
          message: true,
          createdAt: true,
          decidedAt: true,
        },
      },
    },
  })

/** The projects a person owns, with their issues. */
export const findOwnProjects = (actorId: ActorId) =>
  db().project.findMany({
    where: { deletedAt: null, memberships: { some: { userId: actorId, role: 'OWNER' } } },
    orderBy: { createdAt: 'asc' },
    select: {
      id: true,
      slug: true,
      title: true,
      issueTitle: true,
      issueBody: true,
      issueSealed: true,
      issueUrl: true,
      publicRead: true,
      createdAt: true,
    },
  })

/** Builds of an owned project in their order, after one of them. */
export const findBuilds = (actorId: ActorId, projectId: ProjectId, { after, take }: { after: number; take: number }) =>
  db().build.findMany({
    where: { projectId, project: { memberships: { some: { userId: actorId, role: 'OWNER' } } }, number: { gt: after } },
    orderBy: { number: 'asc' },
    take,
    select: {
      id: true,
      number: true,
      kind: true,
      cause: true,
      status: true,
      reason: true,
      reasonSealed: true,
      queuedAt: true,
      startedAt: true,
      endedAt: true,
    },
  })

/** Runs `work` in a transaction that leaves nothing behind but its answer. */
export const looked = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db().$transaction(work)
