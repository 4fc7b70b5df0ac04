import type { BuildStatus, BuildSummary, JobBuild } from '../schema.ts'

/** Why something ended as it did, as stored: sealed, or as older versions stored it. */
export interface StoredReason {
  reason: string | null
  reasonSealed: Uint8Array | null
}

/** The same opened. */
export interface ToldReason {
  reason: string | null
  reasonUnreadable: boolean
}

/** A build's row, as far as every list shows it. */
export interface SummaryRow {
  number: number
  kind: string
  status: BuildStatus
  cause: string
  queuedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  demoModel: boolean
  executor: string | null
}

const text = (time: Date | null) => time?.toISOString() ?? null

/** A row with its times as they travel. */
export function jobBuildOf(row: SummaryRow): JobBuild {
  return {
    number: row.number,
    kind: row.kind as JobBuild['kind'],
    status: row.status,
    cause: row.cause,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: text(row.startedAt),
    endedAt: text(row.endedAt),
    demoModel: row.demoModel,
    executor: row.executor as JobBuild['executor'],
  }
}

/** The same with its reason. */
export const summaryOf = (row: SummaryRow & ToldReason): BuildSummary => ({
  ...jobBuildOf(row),
  reason: row.reason,
  reasonUnreadable: row.reasonUnreadable,
})
