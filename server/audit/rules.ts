import type { AuditEntry } from './schema.ts'

/** Whether a text is the id of something rather than what people call it. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** A text of which a search by pattern means every character as it is written. */
export const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/**
 * One cell of a CSV file. A spreadsheet would run what begins like a formula, so such a text gets an apostrophe in front, which says
 * that it is text; what stands in the log was partly typed by people who wish us ill.
 */
export function csvCell(text: string): string {
  const safe = /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const columns: [name: string, cell: (entry: AuditEntry) => string | null][] = [
  ['time', ({ at }) => at],
  ['action', ({ action }) => action],
  ['actor', ({ actor }) => actor.email],
  ['actor_id', ({ actor }) => actor.id],
  ['target_type', ({ target }) => target.type],
  ['target', ({ target }) => target.label],
  ['target_id', ({ target }) => target.id],
  ['details', ({ details }) => (Object.keys(details).length > 0 ? JSON.stringify(details) : null)],
  ['address', ({ address }) => address],
  ['user_agent', ({ userAgent }) => userAgent],
  ['request_id', ({ requestId }) => requestId],
  ['id', ({ id }) => id],
]
const line = (cells: string[]) => `${cells.join(',')}\r\n`

/** The first line. The mark before it tells spreadsheets that this is UTF-8. */
export const csvHead = `\ufeff${line(columns.map(([name]) => name))}`

/** One entry as a line. */
export const csvRow = (entry: AuditEntry): string => line(columns.map(([, cell]) => csvCell(cell(entry) ?? '')))
