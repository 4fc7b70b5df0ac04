import { db, pool, type Tx } from '@/server/core/db.ts'
import { administratorsSql, countPeopleSql, type PeopleQuery, peopleSql } from './people/sql.ts'
import type { PersonRow } from './people/types.ts'
import type { PeopleCounts } from './schema.ts'

/** One page of people. `listed` are the addresses of ADMIN_EMAILS, in lower case, here as below. */
export async function findPeople(query: PeopleQuery, listed: readonly string[]): Promise<PersonRow[]> {
  const { text, values } = peopleSql(query, listed)
  return (await pool().query<PersonRow>(text, values)).rows
}

export async function countPeople(listed: readonly string[]): Promise<PeopleCounts> {
  return (await pool().query<PeopleCounts>(countPeopleSql, [listed])).rows[0] as PeopleCounts
}

/** People who were here since: signed in, looked at a page, or used a token. */
export async function countActive(since: Date): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM (
      SELECT s."userId" FROM "Session" s WHERE s."lastSeenAt" >= $1::timestamp
      UNION SELECT t."userId" FROM "ApiToken" t WHERE t."lastUsedAt" >= $1::timestamp
      UNION SELECT u.id FROM "User" u WHERE u."lastLoginAt" >= $1::timestamp
    ) active`
  return (await pool().query<{ count: number }>(text, [since.toISOString()])).rows[0]?.count ?? 0
}

/** How many applications wait for a decision. */
export const countOpenApplications = () => db().betaApplication.count({ where: { status: 'OPEN' } })

export const countProjects = () => db().project.count()

/** The bytes that the database takes on its disk. */
export async function databaseBytes(): Promise<number> {
  const { rows } = await pool().query<{ bytes: number }>('SELECT pg_database_size(current_database())::float8 AS bytes')
  return rows[0]?.bytes ?? 0
}

/** What an act has to know of the person it is done to. */
export const findPerson = (id: string) =>
  db().user.findUnique({
    where: { id },
    select: { id: true, email: true, emailVerified: true, admin: true, suspendedAt: true },
  })

const shown = { sessions: 100, memberships: 200, tokens: 100, applications: 20 } as const

/** All that a person's page shows, but the audit log. */
export const findPersonPage = (id: string, at: Date) =>
  db().user.findUnique({
    where: { id },
    include: {
      sessions: {
        where: { expires: { gt: at } },
        orderBy: { lastSeenAt: 'desc' },
        take: shown.sessions,
        select: { id: true, address: true, userAgent: true, createdAt: true, lastSeenAt: true },
      },
      memberships: {
        orderBy: { createdAt: 'desc' },
        take: shown.memberships,
        select: { role: true, createdAt: true, project: { select: { slug: true, title: true } } },
      },
      tokens: {
        orderBy: { createdAt: 'desc' },
        take: shown.tokens,
        select: { id: true, name: true, prefix: true, scopes: true, createdAt: true, expiresAt: true, lastUsedAt: true },
      },
      applications: {
        orderBy: { createdAt: 'desc' },
        take: shown.applications,
        select: { id: true, company: true, purpose: true, status: true, message: true, createdAt: true, decidedAt: true },
      },
      _count: { select: { memberships: true } },
    },
  })

/**
 * Whether a person is the only administrator who may act. Who asks holds a lock to the end of the transaction, so that of two who take
 * each other's rights away the second sees what the first has done.
 */
export async function isLastAdministrator(tx: Tx, id: string, listed: readonly string[]): Promise<boolean> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('administrators', 0))`
  const [found] = await tx.$queryRawUnsafe<{ isOne: boolean; others: number }[]>(administratorsSql, listed, id)
  return found ? found.isOne && found.others === 0 : false
}

/** Suspends a person; false where that was done before. */
export async function markSuspended(tx: Tx, id: string, at: Date): Promise<boolean> {
  return (await tx.user.updateMany({ where: { id, suspendedAt: null }, data: { suspendedAt: at } })).count > 0
}

export async function markRestored(tx: Tx, id: string): Promise<boolean> {
  return (await tx.user.updateMany({ where: { id, suspendedAt: { not: null } }, data: { suspendedAt: null } })).count > 0
}

/** Makes somebody who is not suspended an administrator, or takes that away; false where it was so before. */
export async function markAdmin(tx: Tx, id: string, admin: boolean): Promise<boolean> {
  const where = { id, admin: !admin, ...(admin ? { suspendedAt: null } : {}) }
  return (await tx.user.updateMany({ where, data: { admin } })).count > 0
}

/** Ends all sessions of a person, or one; gives how many. */
export async function deleteSessions(tx: Tx, userId: string, id?: string): Promise<number> {
  return (await tx.session.deleteMany({ where: { userId, ...(id ? { id } : {}) } })).count
}
