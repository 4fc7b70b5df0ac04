import type { Tx } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import type { Act } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { csvHead, csvRow } from './rules.ts'
import {
  type AuditEntry,
  type AuditFilter,
  type AuditPage,
  type AuditRecord,
  auditEntrySchema,
  type ExportFormat,
  exportLimit,
} from './schema.ts'

export { csvCell, isId, literal } from './rules.ts'

/**
 * Does an act of administration and writes down who did what, when and from where; both are stored or neither.
 * `work` gets the transaction and hands it to its domain's `data.ts`; whatever it throws undoes the entry, too.
 */
export const audited = <T>(act: Act, record: AuditRecord, work: (tx: Tx) => Promise<T>): Promise<T> =>
  data.withEntry(act, record, new Date(registry('clock').now()), work)

/** Writes down one more act of a transaction that `audited` runs: of something larger, each part has its entry. */
export const alsoAudited = (tx: Tx, act: Act, record: AuditRecord): Promise<void> =>
  data.addEntry(tx, act, record, new Date(registry('clock').now()))

/** The server itself as the one who acts. */
export const systemAct = (requestId: string): Act => ({ actorId: null, email: 'system', address: null, userAgent: null, requestId })

class Unchanged extends Error {}

/**
 * Like `audited`, for acts that may have been done before: `work` says whether it changed anything, and where it did not, nothing is
 * written down. Gives the same answer.
 */
export async function auditedChange(act: Act, record: AuditRecord, work: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  try {
    await audited(act, record, async (tx) => {
      // The transaction ends with it, and with the transaction the entry.
      if (!(await work(tx))) throw new Unchanged()
    })
    return true
  } catch (error) {
    if (error instanceof Unchanged) return false
    throw error
  }
}

type Row = Awaited<ReturnType<typeof data.findEntries>>[number]
const detailsSchema = auditEntrySchema.shape.details.catch({})

const entryOf = (row: Row): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  action: row.action,
  actor: { id: row.actorId, email: row.actorEmail },
  target: { type: row.targetType, id: row.targetId, label: row.targetLabel },
  details: detailsSchema.parse(row.details),
  address: row.address,
  userAgent: row.userAgent,
  requestId: row.requestId,
})

/** What was done, newest first; `next` is the `before` of the next page. */
export async function listEntries({
  limit,
  before,
  ...filter
}: AuditFilter & { before?: string | undefined; limit: number }): Promise<AuditPage> {
  const rows = await data.findEntries(filter, { before, take: limit + 1 })
  const items = rows.slice(0, limit).map(entryOf)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/**
 * The log as a file, a page at a time and no faster than it is taken. `page` reads one; whoever reads on behalf of a person asks for
 * that person's right with each.
 */
export async function* exportEntries(
  format: ExportFormat,
  page: (before?: string) => Promise<AuditPage>,
  limit = exportLimit,
): AsyncGenerator<Buffer> {
  if (format === 'csv') yield Buffer.from(csvHead)
  let left = limit
  let before: string | undefined
  do {
    const { items, next } = await page(before)
    const lines = items.slice(0, left).map((entry) => (format === 'csv' ? csvRow(entry) : `${JSON.stringify(entry)}\n`))
    if (lines.length > 0) yield Buffer.from(lines.join(''))
    left -= items.length
    before = next ?? undefined
  } while (before && left > 0)
}

const dayMs = 24 * 3600 * 1000
const removedAtOnce = 5_000

/** Retention: entries stay for MAESTRO_KEEP_AUDIT_DAYS. Gives how many went. Safe to repeat. */
export async function removeOldEntries(keepDays: number = env().MAESTRO_KEEP_AUDIT_DAYS): Promise<number> {
  const before = new Date(registry('clock').now() - keepDays * dayMs)
  let removed = 0
  for (let some = removedAtOnce; some === removedAtOnce; removed += some) some = await data.deleteEntries(before, removedAtOnce)
  return removed
}
