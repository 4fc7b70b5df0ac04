import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { choicesSql, daysSql, listSql, removeOldSql, type Statement, sumsSql } from './ledger/sql.ts'
import type { LedgerDay, LedgerQuery, LedgerRow, LedgerScope, LedgerSums } from './ledger/types.ts'
import type { AiSettings } from './schema.ts'
import type { StoredSettings } from './settings/types.ts'

/** One row of the ledger. */
export interface CallRow {
  buildId: string | null
  purpose: string
  model: string
  demo: boolean
  requestId: string | null
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  costMicros: bigint
  status: number
  startedAt: Date
  durationMs: number
}

/** Stores one call. */
export async function insertCall(projectId: ProjectId, row: CallRow): Promise<void> {
  await db().modelCall.create({ data: { ...row, projectId }, select: { id: true } })
}

/** What a build has spent so far, in millionths of a US dollar. */
export async function spentMicros(projectId: ProjectId, buildId: string): Promise<number> {
  const sum = await db().modelCall.aggregate({ where: { projectId, buildId }, _sum: { costMicros: true } })
  return Number(sum._sum.costMicros ?? 0)
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
