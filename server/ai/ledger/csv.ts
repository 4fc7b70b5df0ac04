import { csvCell } from '@/server/audit/service.ts'
import type { LedgerCall, LedgerPage } from '../schema.ts'
import { ledgerExportLimit } from '../schema.ts'

const list = (given: readonly unknown[] | null | undefined) => (given && given.length > 0 ? JSON.stringify(given) : '')

const columns: [name: string, cell: (call: LedgerCall) => string | number | null | undefined][] = [
  ['time', ({ at }) => at],
  ['service', ({ service }) => service],
  ['person', ({ person }) => person?.name],
  ['person_id', ({ person }) => person?.id],
  ['purpose', ({ purpose }) => purpose],
  ['build', ({ build }) => build],
  ['model', ({ model }) => model],
  ['demo_model', ({ demo }) => String(demo)],
  ['outcome', ({ outcome }) => outcome],
  ['status', ({ status }) => status],
  ['failure', ({ failure }) => failure],
  ['waits', ({ waits }) => waits],
  ['duration_ms', ({ durationMs }) => durationMs],
  ['bytes', ({ bytes }) => bytes],
  ['sealed_bytes', ({ sealedBytes }) => sealedBytes],
  ['files', ({ files }) => files],
  ['redactions', ({ redactions }) => redactions],
  ['withheld', ({ withheld }) => withheld],
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['cache_read_tokens', ({ cacheReadTokens }) => cacheReadTokens],
  ['cache_write_tokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cost_usd', ({ costMicros }) => (costMicros / 1_000_000).toFixed(6)],
  ['sha256', ({ details }) => details?.sha256],
  ['key_id', ({ details }) => details?.keyId],
  ['request_id', ({ details }) => details?.requestId],
  ['file_list', ({ details }) => list(details?.files)],
  ['redaction_list', ({ details }) => list(details?.redactions)],
  ['withheld_list', ({ details }) => list(details?.withheld)],
  ['id', ({ id }) => id],
]
const line = (cells: string[]) => `${cells.join(',')}\r\n`

/** The first line. The mark before it tells spreadsheets that this is UTF-8. */
export const ledgerHead = `\ufeff${line(columns.map(([name]) => name))}`

/** One sending as a line. */
export const ledgerLine = (call: LedgerCall): string => line(columns.map(([, cell]) => csvCell(String(cell(call) ?? ''))))

/**
 * The ledger as a file, a page at a time and no faster than it is taken. `page` reads one; whoever reads on behalf of a person asks for
 * that person's right with each.
 */
export async function* ledgerCsv(page: (before?: string) => Promise<LedgerPage>, limit = ledgerExportLimit): AsyncGenerator<Buffer> {
  yield Buffer.from(ledgerHead)
  let left = limit
  let before: string | undefined
  do {
    const { items, next } = await page(before)
    if (items.length > 0) yield Buffer.from(items.slice(0, left).map(ledgerLine).join(''))
    left -= items.length
    before = next ?? undefined
  } while (before && left > 0)
}
