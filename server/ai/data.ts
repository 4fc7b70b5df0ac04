import { db } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

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
