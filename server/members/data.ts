import { db, type Tx } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import type { MemberRole } from './schema.ts'

const person = { select: { id: true, name: true, displayName: true, email: true, image: true } } as const
const invitation = { id: true, projectId: true, email: true, role: true, invitedById: true, createdAt: true, expiresAt: true } as const
const letter = { ...invitation, hash: true, locale: true, acceptedAt: true, project: { select: { slug: true, title: true } } } as const

/** Members, owners first. */
export const findMembers = (projectId: ProjectId, page: { cursor?: string | undefined; take: number }) =>
  db().membership.findMany({
    where: { projectId },
    orderBy: [{ role: 'asc' }, { createdAt: 'asc' }, { userId: 'asc' }],
    take: page.take,
    ...(page.cursor ? { cursor: { userId_projectId: { userId: page.cursor, projectId } }, skip: 1 } : {}),
    select: { role: true, createdAt: true, user: person },
  })

/** One member, or null. */
export const findMember = (projectId: ProjectId, userId: string) =>
  db().membership.findUnique({
    where: { userId_projectId: { userId, projectId } },
    select: { role: true, user: person, project: { select: { slug: true } } },
  })

/** The project's name, for the audit log. */
export const serviceOf = async (projectId: ProjectId) =>
  (await db().project.findUnique({ where: { id: projectId }, select: { slug: true } }))?.slug ?? null

/** Lets nobody else change the project's members until the transaction ends. Returns whether there is such a project. */
export async function lockMembers(tx: Tx, projectId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM "Project" WHERE id = ${projectId} AND "deletedAt" IS NULL FOR NO KEY UPDATE`
  return rows.length > 0
}

/** Every owner, and the member in question; asked behind the lock. */
export const ownersAnd = (tx: Tx, projectId: ProjectId, userId: string) =>
  tx.membership.findMany({ where: { projectId, OR: [{ role: 'OWNER' }, { userId }] }, select: { userId: true, role: true } })

/** Gives a member another role. */
export async function setRole(tx: Tx, projectId: ProjectId, userId: string, role: MemberRole): Promise<void> {
  await tx.membership.update({ where: { userId_projectId: { userId, projectId } }, data: { role } })
}

/** Ends a membership. */
export async function deleteMember(tx: Tx, projectId: ProjectId, userId: string): Promise<void> {
  await tx.membership.delete({ where: { userId_projectId: { userId, projectId } } })
}

/** Whether somebody with this address is a member. */
export const isMember = async (tx: Tx, projectId: ProjectId, email: string) =>
  (await tx.membership.count({ where: { projectId, user: { email } } })) > 0

/** The invitation of an address, however it stands. */
export const findInvitationOf = (tx: Tx, projectId: ProjectId, email: string) =>
  tx.invitation.findUnique({ where: { projectId_email: { projectId, email } }, select: { ...invitation, acceptedAt: true } })

/** How many invitations to others than `email` can still be accepted. */
export const countOpen = (tx: Tx, projectId: ProjectId, email: string, now: Date) =>
  tx.invitation.count({ where: { projectId, email: { not: email }, acceptedAt: null, expiresAt: { gt: now } } })

/** Stores an invitation; a former one of the same address gives way to it. */
export const putInvitation = (
  tx: Tx,
  projectId: ProjectId,
  row: {
    id: string
    email: string
    role: MemberRole
    hash: string
    locale: string
    invitedById: string | null
    createdAt: Date
    expiresAt: Date
  },
) =>
  tx.invitation.upsert({
    where: { projectId_email: { projectId, email: row.email } },
    create: { projectId, ...row },
    update: { ...row, acceptedAt: null },
    select: invitation,
  })

/** Invitations that were not accepted, newest first, also those that have expired. */
export const findInvitations = (projectId: ProjectId, page: { cursor?: string | undefined; take: number }) =>
  db().invitation.findMany({
    where: { projectId, acceptedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: page.take,
    ...(page.cursor ? { cursor: { id: page.cursor }, skip: 1 } : {}),
    select: invitation,
  })

/** An invitation of this project that was not accepted yet. */
export const findInvitation = (projectId: ProjectId, id: string) =>
  db().invitation.findFirst({ where: { id, projectId, acceptedAt: null }, select: { ...letter } })

/** An invitation by the hash of its secret: whoever has the secret may know of it. */
export const findByHash = (hash: string) => db().invitation.findUnique({ where: { hash, project: { deletedAt: null } }, select: letter })

/** Removes an invitation that was not accepted, as long as it is still the one with this hash. Returns whether it was there. */
export const deleteInvitation = async (tx: Tx, id: string, hash: string) =>
  (await tx.invitation.deleteMany({ where: { id, hash, acceptedAt: null } })).count === 1

/** Takes an open invitation as accepted. Returns false where it no longer can be. */
export const takeInvitation = async (tx: Tx, id: string, hash: string, now: Date) =>
  (await tx.invitation.updateMany({ where: { id, hash, acceptedAt: null, expiresAt: { gt: now } }, data: { acceptedAt: now } })).count === 1

/** The role somebody has in the project of an invitation, or null. */
export const roleIn = async (tx: Tx, projectId: string, actorId: ActorId) =>
  (await tx.membership.findUnique({ where: { userId_projectId: { userId: actorId, projectId } }, select: { role: true } }))?.role ?? null

/** The same outside a transaction. */
export const currentRole = (projectId: string, actorId: ActorId) => roleIn(db(), projectId, actorId)

/** Makes somebody a member, or gives a member this role. */
export async function putMember(tx: Tx, projectId: string, actorId: ActorId, role: MemberRole): Promise<void> {
  const userId_projectId = { userId: actorId, projectId }
  await tx.membership.upsert({ where: { userId_projectId }, create: { ...userId_projectId, role }, update: { role } })
}

/** Whether this person's own, verified address is the one. */
export const ownsAddress = async (actorId: ActorId, email: string) =>
  (await db().user.count({ where: { id: actorId, email, emailVerified: { not: null } } })) > 0

/** How people are called, by id. */
export async function namesOf(ids: (string | null)[]): Promise<Map<string, string>> {
  const where = { id: { in: ids.filter((id) => id !== null) } }
  const rows = await db().user.findMany({ where, select: { id: true, name: true, displayName: true, email: true } })
  return new Map(rows.map((row) => [row.id, row.displayName ?? row.name ?? row.email]))
}

/** The language that the owner of an address has chosen, where there is one and it was. */
export const localeOf = async (email: string) =>
  (await db().user.findUnique({ where: { email }, select: { locale: true } }))?.locale ?? null

/** Invitations that can still be accepted, for the sweep. */
export const findOpen = (now: Date) =>
  db().invitation.findMany({
    where: { acceptedAt: null, expiresAt: { gt: now }, project: { deletedAt: null } },
    select: { id: true, projectId: true, createdAt: true },
  })

/** Removes invitations that expired before. */
export const deleteExpired = async (before: Date) => (await db().invitation.deleteMany({ where: { expiresAt: { lt: before } } })).count
