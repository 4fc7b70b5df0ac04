import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { doorFetch } from './door/door.ts'
import type { Notice, Purpose } from './door/types.ts'
import { messages } from './upstreams/messages.ts'
import type { ModelClient } from './upstreams/types.ts'

export { AnswerInterrupted, aiServerErrorType, interruptedType } from './door/answers.ts'
export { settleInterrupted } from './door/ledger.ts'
export { ledgerCsv } from './ledger/csv.ts'
export { removeOldCalls } from './ledger/retention.ts'
export { ledgerChoices, ledgerEntry, ledgerPage, ledgerTotals } from './ledger/views.ts'
export { hideSecrets } from './redaction/hide.ts'
export { isDenied, partition } from './redaction/paths.ts'
export { costMicros } from './rules.ts'
export { budgetSpentType as budgetSpent } from './schema.ts'
export { changeSettings, settingsOf, tryPath } from './settings/settings.ts'
export type { ModelClient, Notice, Purpose }

/** One role's share of a build. */
export interface PurposeUsage {
  role: string
  calls: number
  inputTokens: number
  outputTokens: number
  costMicros: number
  durationMs: number
}

/**
 * The one door to Claude: the SDK's own client, whose every call is a row of the ledger and leaves sealed for the AI server. Whether the real API or
 * the demo model stands behind that, the caller cannot tell.
 */
export const modelClient = (projectId: ProjectId, purpose: Purpose): ModelClient => messages({ fetch: doorFetch(projectId, purpose) })

/** Whether the rule-based stand-in answers instead of Claude; its words are labelled wherever they appear. */
export const isDemoModel = (): boolean => registry('ai').demo

/** Whether a build was given words of a real model, and so holds code that is not ours. */
export const askedRealModel = (projectId: ProjectId, buildId: string): Promise<boolean> => data.hasRealCall(projectId, buildId)

/** Calls, tokens, cost and time per role of one build, in the order in which the roles first spoke. */
export async function usageOf(projectId: ProjectId, buildId: string): Promise<PurposeUsage[]> {
  const rows = await data.usageByPurpose(projectId, buildId)
  return rows
    .sort((a, b) => Number(a._min.startedAt) - Number(b._min.startedAt))
    .map((row) => ({
      role: row.purpose,
      calls: row._count._all,
      inputTokens: (row._sum.inputTokens ?? 0) + (row._sum.cacheReadTokens ?? 0) + (row._sum.cacheWriteTokens ?? 0),
      outputTokens: row._sum.outputTokens ?? 0,
      costMicros: Number(row._sum.costMicros ?? 0),
      durationMs: row._sum.durationMs ?? 0,
    }))
}

/** What the platform's calls since a time have cost, in millionths of a US dollar; what the demo model's would have cost stands apart. */
export async function spentSince(since: Date): Promise<{ micros: number; demoMicros: number; calls: number }> {
  const groups = await data.spentSince(since)
  const of = (demo: boolean) => Number(groups.find((group) => group.demo === demo)?._sum.costMicros ?? 0)
  return { micros: of(false), demoMicros: of(true), calls: groups.reduce((sum, group) => sum + group._count._all, 0) }
}
