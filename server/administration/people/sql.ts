import type { PeopleFilter, PeopleSort } from '../schema.ts'
import type { Place } from './types.ts'

const listed = `(u."emailVerified" IS NOT NULL AND lower(u.email) = ANY($1::text[]))`
const admin = `(u.admin OR ${listed})`
const conditions: Record<PeopleFilter, string> = {
  all: 'true',
  admins: admin,
  approved: `u."suspendedAt" IS NULL AND (u."approvedAt" IS NOT NULL OR ${admin})`,
  waiting: `u."suspendedAt" IS NULL AND u."approvedAt" IS NULL AND NOT ${admin}`,
  suspended: `u."suspendedAt" IS NOT NULL`,
}

interface Order {
  by: string
  after: (value: string, id: string) => string
  /** What has no value to be sorted by is no part of it. */
  where?: string
}

/** Each is the order of an index, so that a page costs what it shows, however many people there are. */
const orders: Record<PeopleSort | 'neverSignedIn', Order> = {
  newest: { by: 'u."createdAt" DESC, u.id DESC', after: (value, id) => `(u."createdAt", u.id) < (${value}::timestamp, ${id})` },
  oldest: { by: 'u."createdAt", u.id', after: (value, id) => `(u."createdAt", u.id) > (${value}::timestamp, ${id})` },
  // No two people have one address.
  email: { by: 'u.email', after: (value) => `u.email > ${value}` },
  signedIn: {
    by: 'u."lastLoginAt" DESC, u.id DESC',
    after: (value, id) => `(u."lastLoginAt", u.id) < (${value}::timestamp, ${id})`,
    where: 'u."lastLoginAt" IS NOT NULL',
  },
  neverSignedIn: { by: 'u."lastLoginAt" DESC, u.id DESC', after: (_value, id) => `u.id < ${id}`, where: 'u."lastLoginAt" IS NULL' },
}

const iso = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const pattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`

export interface PeopleQuery {
  filter: PeopleFilter
  order: PeopleSort | 'neverSignedIn'
  words: readonly string[]
  after: Place | null
  take: number
}

/** The statement of one page of people and its values. `listedEmails` are those of ADMIN_EMAILS, in lower case. */
export function peopleSql(query: PeopleQuery, listedEmails: readonly string[]): { text: string; values: unknown[] } {
  const values: unknown[] = [listedEmails, query.take]
  const slot = (value: unknown) => `$${values.push(value)}`
  const { by, after, where = 'true' } = orders[query.order]
  const named = query.words.map((word) => {
    const at = slot(pattern(word))
    return `(u.email ILIKE ${at} OR u.name ILIKE ${at} OR u."displayName" ILIKE ${at})`
  })
  const begins = query.after && (query.after.value !== null || query.order === 'neverSignedIn')
  // Only what the order compares is handed over: an unused value would have no type.
  const from =
    begins && query.after
      ? after(query.order === 'neverSignedIn' ? '' : slot(query.after.value), query.order === 'email' ? '' : slot(query.after.id))
      : 'true'
  const text = `SELECT p.*, (SELECT count(*)::int FROM "Membership" m WHERE m."userId" = p.id) AS projects FROM (
      SELECT u.id, u.email, coalesce(u."displayName", u.name) AS name, u.image, ${iso('u."createdAt"')} AS "createdAt", ${iso('u."lastLoginAt"')} AS "lastLoginAt",
        ${listed} AS listed, u.admin AS appointed,
        CASE WHEN u."suspendedAt" IS NOT NULL THEN 'suspended' WHEN u."approvedAt" IS NOT NULL OR ${admin} THEN 'approved' ELSE 'waiting' END AS state
      FROM "User" u WHERE ${[where, conditions[query.filter], ...named, from].join(' AND ')}
      ORDER BY ${by} LIMIT $2
    ) p`
  return { text, values }
}

/** How many people there are in each state. */
export const countPeopleSql = `SELECT count(*)::int AS "all", ${(['approved', 'waiting', 'suspended', 'admins'] as const)
  .map((state) => `count(*) FILTER (WHERE ${conditions[state]})::int AS ${state}`)
  .join(', ')} FROM "User" u`

/** Whether one person is an administrator who may act, and how many others are. */
export const administratorsSql = `SELECT count(*) FILTER (WHERE u.id = $2) > 0 AS "isOne", count(*) FILTER (WHERE u.id <> $2)::int AS others
  FROM "User" u WHERE ${admin} AND u."suspendedAt" IS NULL`
