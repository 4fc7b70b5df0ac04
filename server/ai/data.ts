import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import type { Arrival, CallContext, Departure } from './door/types.ts'
import { choicesSql, daysSql, listSql, removeOldSql, type Statement, sumsSql } from './ledger/sql.ts'
import type { LedgerDay, LedgerQuery, LedgerRow, LedgerScope, LedgerSums } from './ledger/types.ts'
import { type AiSettings, interruptedFailure } from './schema.ts'
import type { StoredSettings } from './settings/types.ts'

/** Stores a sending when it leaves; gives its id. */
export async function openCall(projectId: ProjectId, { files, redactions, ...row }: Departure): Promise<string> {
  const stored = { ...row, projectId, files: [...files] as object[], redactions: [...redactions] as object[] }
  return (await db().modelCall.create({ data: stored, select: { id: true } })).id
}

/** Stores what its answer brought, unless it was settled already. */
export async function settleCall(projectId: ProjectId, id: string, arrival: Arrival): Promise<void> {
  await db().modelCall.updateMany({ where: { id, projectId, status: 0, failure: null }, data: arrival })
}

/** Settles what one installation left open before a time, and what anybody has had open since another; gives how many. */
export async function settleInterrupted({ node, begunAt, before }: { node: string; begunAt: Date; before: Date }): Promise<number> {
  const left = [{ node, startedAt: { lt: begunAt } }, { startedAt: { lt: before } }]
  const { count } = await db().modelCall.updateMany({
    where: { status: 0, failure: null, OR: left },
    data: { failure: interruptedFailure },
  })
  return count
}

/** What has to be known before a request leaves, in one question; what the build has spent only where something bounds it. */
export async function callContext(projectId: ProjectId, buildId: string | null, bounded: boolean): Promise<CallContext> {
  const { rows } = await pool().query<{
    denyPaths: string[] | null
    number: number | null
    createdById: string | null
    spent: string | null
  }>(
    `SELECT s."denyPaths", b.number, b."createdById",
       ${bounded ? '(SELECT sum("costMicros") FROM "ModelCall" WHERE "projectId" = $1 AND "buildId" = $2)' : 'NULL'} AS spent
     FROM (SELECT 1) one
     LEFT JOIN "AiSettings" s ON s."projectId" = $1
     LEFT JOIN "Build" b ON b.id = $2 AND b."projectId" = $1`,
    [projectId, buildId],
  )
  const { denyPaths = null, number = null, createdById = null, spent = null } = rows[0] ?? {}
  return { denyPaths: denyPaths ?? [], spentMicros: Number(spent ?? 0), build: number === null ? null : { number, createdById } }
}

/** Whether a build has a call that the real model answered. */
export async function hasRealCall(projectId: ProjectId, buildId: string): Promise<boolean> {
  return (await db().modelCall.count({ where: { projectId, buildId, demo: false } })) > 0
}

/** Sums by purpose (a crew's role) of one build. */
export const usageByPurpose = (projectId: ProjectId, buildId: string) =>
  db().modelCall.groupBy({
    by: ['purpose'],
    where: { projectId, buildId },
    _count: { _all: true },
    _sum: { inputTokens: true, outputTokens: true, cacheReadTokens: true, cacheWriteTokens: true, costMicros: true, durationMs: true },
    _min: { startedAt: true },
  })

/** What all calls since a time have cost, those of the demo model apart. */
export const spentSince = (since: Date) =>
  db().modelCall.groupBy({ by: ['demo'], where: { startedAt: { gte: since } }, _count: { _all: true }, _sum: { costMicros: true } })

async function rowsOf<T>({ text, values }: Statement): Promise<T[]> {
  return (await pool().query(text, values)).rows as T[]
}

/** Sendings of the ledger, the newest first. */
export const findCalls = (scope: LedgerScope, query: LedgerQuery, how: { take: number; detailed: boolean }): Promise<LedgerRow[]> =>
  rowsOf(listSql(scope, query, how))

/** Sums over the sendings that a filter finds. */
export async function sumCalls(scope: LedgerScope, query: LedgerQuery): Promise<LedgerSums> {
  const [sums] = await rowsOf<LedgerSums>(sumsSql(scope, query))
  if (!sums) throw new Error('an aggregate without groups gave no row')
  return sums
}

/** The last days of a filter, the newest first. */
export const callDays = (scope: LedgerScope, query: LedgerQuery, days: number): Promise<LedgerDay[]> => rowsOf(daysSql(scope, query, days))

/** All purposes or models of a ledger. */
export async function callChoices(scope: LedgerScope, column: 'purpose' | 'model', most: number): Promise<string[]> {
  return (await rowsOf<{ choice: string }>(choicesSql(scope, column, most))).map(({ choice }) => choice)
}

/** Removes sendings of before a time, a bounded number at once; gives how many. */
export async function deleteOldCalls(before: Date, limit: number): Promise<number> {
  return (await pool().query(removeOldSql, [before.toISOString().slice(0, -1), limit])).rowCount ?? 0
}

/** What a project's owner chose, or null where nobody did. */
export const findSettings = (projectId: ProjectId): Promise<StoredSettings | null> =>
  db().aiSettings.findUnique({ where: { projectId }, select: { review: true, stopAt: true, denyPaths: true } })

/** A project's service name. */
export async function findSlug(projectId: ProjectId): Promise<string | null> {
  return (await db().project.findUnique({ where: { id: projectId }, select: { slug: true } }))?.slug ?? null
}

/** Stores what a project's owner chose. */
export async function saveSettings(tx: Tx, projectId: ProjectId, settings: AiSettings, updatedAt: Date): Promise<void> {
  const row = { ...settings, updatedAt }
  await tx.aiSettings.upsert({ where: { projectId }, create: { projectId, ...row }, update: row })
}
