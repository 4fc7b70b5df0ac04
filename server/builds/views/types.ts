import type { BuildStatus, BuildSummary } from '../schema.ts'

/** A build's row, as far as every list shows it. */
export interface SummaryRow {
  number: number
  kind: string
  status: BuildStatus
  reason: string | null
  cause: string
  queuedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  demoModel: boolean
  executor: string | null
}

const text = (time: Date | null) => time?.toISOString() ?? null

/** A row with its times and words as they travel. */
export function summaryOf(row: SummaryRow): BuildSummary {
  return {
    number: row.number,
    kind: row.kind as BuildSummary['kind'],
    status: row.status,
    reason: row.reason,
    cause: row.cause,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: text(row.startedAt),
    endedAt: text(row.endedAt),
    demoModel: row.demoModel,
    executor: row.executor as BuildSummary['executor'],
  }
}
