import { randomUUID } from 'node:crypto'
import { db, type Tx } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { asPattern } from './rules.ts'
import type { ApplicationStatus, ApplyInput } from './schema.ts'

/** How many applications a page of the list has. */
const pageSize = 50

const person = { select: { id: true, email: true, name: true, displayName: true, image: true, locale: true, approvedAt: true } } as const
const withPerson = { include: { user: person } } as const

/**
 * Stores an application unless the person waits already, is in, or was rejected after `rejectedSince`. One statement does it, however many
 * come at once: what it has seen of an application that is being decided is "open", and the unique column lets one in.
 * @returns its id, or null where nothing was stored
 */
export async function insertApplication(
  actorId: ActorId,
  { name, company, purpose, teamSize }: Omit<ApplyInput, 'locale' | 'consent'>,
  { locale, at, rejectedSince }: { locale: string; at: Date; rejectedSince: Date },
): Promise<string | null> {
  const id = randomUUID()
  // Shared, the lock stands against an approval alone, which otherwise would miss what is being stored.
  const stored = await db().$executeRaw`
    INSERT INTO "BetaApplication" (id, "userId", "openFor", name, company, purpose, "teamSize", "consentAt", locale, "createdAt")
    SELECT ${id}, u.id, u.id, ${name}, ${company}, ${purpose}, ${teamSize}, ${at}, ${locale}, ${at} FROM "User" u
    WHERE u.id = ${actorId} AND u."approvedAt" IS NULL AND NOT EXISTS (
      SELECT 1 FROM "BetaApplication" a
      WHERE a."userId" = u.id AND (a.status = 'OPEN' OR (a.status = 'REJECTED' AND a."decidedAt" > ${rejectedSince}))
    )
    FOR SHARE OF u
    ON CONFLICT ("openFor") DO NOTHING`
  return stored === 1 ? id : null
}

/** The newest application of a person, if there is one. */
export const newestOf = (actorId: ActorId) =>
  db().betaApplication.findFirst({ where: { userId: actorId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })

/** How many wait before this one. */
export const waitingBefore = ({ id, createdAt }: { id: string; createdAt: Date }) =>
  db().betaApplication.count({ where: { status: 'OPEN', OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] } })

export const findApplication = (id: string) => db().betaApplication.findUnique({ where: { id }, ...withPerson })
export type ApplicationRow = NonNullable<Awaited<ReturnType<typeof findApplication>>>

export const findApplications = (ids: string[]) => db().betaApplication.findMany({ where: { id: { in: ids } }, ...withPerson })

/** Who these people are, for those who decided: an account may be gone. */
export async function namesOf(ids: (string | null)[]): Promise<Map<string, string>> {
  const known = ids.filter((id) => id !== null)
  const rows = await db().user.findMany({ where: { id: { in: known } }, select: { id: true, email: true, name: true, displayName: true } })
  return new Map(rows.map(({ id, email, name, displayName }) => [id, displayName ?? name ?? email]))
}

/** A page of applications: those that wait in the order in which they came, all others the newest first. */
export async function listApplications(input: { status?: ApplicationStatus; search?: string; cursor?: string }) {
  const contains = { contains: asPattern(input.search ?? ''), mode: 'insensitive' as const }
  const words = input.search
    ? { OR: [{ name: contains }, { company: contains }, { purpose: contains }, { user: { email: contains } }] }
    : {}
  const order = input.status === 'OPEN' ? ('asc' as const) : ('desc' as const)
  const rows = await db().betaApplication.findMany({
    where: { ...(input.status ? { status: input.status } : {}), ...words },
    orderBy: [{ createdAt: order }, { id: order }],
    ...(input.cursor ? { cursor: { id: input.cursor }, skip: 1 } : {}),
    take: pageSize + 1,
    ...withPerson,
  })
  const items = rows.slice(0, pageSize)
  return { items, next: rows.length > pageSize ? (items.at(-1)?.id ?? null) : null }
}

/** How many applications there are of each kind. */
export async function countApplications(): Promise<Record<ApplicationStatus, number>> {
  const groups = await db().betaApplication.groupBy({ by: ['status'], _count: true })
  const count = (status: ApplicationStatus) => groups.find((group) => group.status === status)?._count ?? 0
  return { OPEN: count('OPEN'), APPROVED: count('APPROVED'), REJECTED: count('REJECTED') }
}

interface Decided {
  status: 'APPROVED' | 'REJECTED'
  message: string | null
  decidedById: string
  at: Date
}

/** Whoever decides about a person holds their row first, so that two decisions never wait for each other. */
const holdPerson = (tx: Tx, userId: string) => tx.$queryRaw`SELECT 1 FROM "User" WHERE id = ${userId} FOR NO KEY UPDATE`

async function settle(tx: Tx, where: { id: string } | { userId: string }, { at, ...decided }: Decided): Promise<string | null> {
  const data = { ...decided, decidedAt: at, openFor: null }
  const [row] = await tx.betaApplication.updateManyAndReturn({ where: { ...where, status: 'OPEN' }, data, select: { id: true } })
  return row?.id ?? null
}

const letIn = async (tx: Tx, userId: string, at: Date) =>
  (await tx.user.updateMany({ where: { id: userId, approvedAt: null }, data: { approvedAt: at } })).count > 0

/** Decides about an application that waits, and lets its person in where it is approved; false where somebody was faster. */
export async function decideOpen(tx: Tx, { id, userId }: { id: string; userId: string }, decided: Decided): Promise<boolean> {
  await holdPerson(tx, userId)
  if (!(await settle(tx, { id }, decided))) return false
  if (decided.status === 'APPROVED') await letIn(tx, userId, decided.at)
  return true
}

/** Lets a person in, and with it approves what they have asked for, which `settled` names. False where they were in before. */
export async function admit(tx: Tx, userId: string, decidedById: string, at: Date): Promise<{ changed: boolean; settled: string | null }> {
  await holdPerson(tx, userId)
  const changed = await letIn(tx, userId, at)
  return { changed, settled: changed ? await settle(tx, { userId }, { status: 'APPROVED', message: null, decidedById, at }) : null }
}

export const emailOf = async (userId: string) =>
  (await db().user.findUnique({ where: { id: userId }, select: { email: true } }))?.email ?? null

/** Applications that came or were decided after `since`, for the look at whose mails never came to be. */
export const recentApplications = (since: Date) =>
  db().betaApplication.findMany({
    where: { OR: [{ createdAt: { gt: since } }, { decidedAt: { gt: since } }] },
    select: { id: true, status: true },
    orderBy: { createdAt: 'desc' },
    take: 1_000,
  })

/** Those who wait, the first who came first. */
export const waiting = (limit: number) =>
  db().betaApplication.findMany({ where: { status: 'OPEN' }, select: { id: true }, orderBy: { createdAt: 'asc' }, take: limit })
