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

async function* piecesOf(page: (before?: string) => Promise<LedgerPage>, limit: number): AsyncGenerator<Buffer> {
  // The first page is asked for before anything is handed on: whoever may not read it gets a refusal, not half a file.
  let { items, next } = await page()
  yield Buffer.from(ledgerHead)
  let left = limit
  for (;;) {
    if (items.length > 0) yield Buffer.from(items.slice(0, left).map(ledgerLine).join(''))
    left -= items.length
    if (!next || left <= 0) return
    ;({ items, next } = await page(next))
  }
}

/**
 * The ledger as a file, a page at a time and no faster than it is taken. `page` reads one; whoever reads on behalf of a person asks for
 * that person's right with each.
 * @throws whatever the first page throws
 */
export async function ledgerCsv(
  page: (before?: string) => Promise<LedgerPage>,
  limit = ledgerExportLimit,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = piecesOf(page, limit)
  let head: IteratorResult<Buffer, void> | null = await pieces.next()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = head ?? (await pieces.next())
      head = null
      if (done || !value) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
