import { queryKeys } from '@/components/client/query-keys.ts'
import { type AuditFilter, type AuditPage, auditActions } from '@/server/audit/schema.ts'

/** The filters as they are typed; days are those of the reader's calendar. */
export interface AuditView {
  action: string
  actor: string
  target: string
  since: string
  until: string
}

const day = /^\d{4}-\d{2}-\d{2}$/
const one = (value: unknown, max = 320) => (typeof value === 'string' ? value.replaceAll('\0', '').slice(0, max) : '')
const oneDay = (value: unknown) => (day.test(one(value)) && !Number.isNaN(Date.parse(one(value))) ? one(value) : '')

/** What an address asks for; what it gets wrong is as if it were not there. */
export function auditView(params: Record<string, unknown>): AuditView {
  return {
    action: auditActions.find((known) => known === params.action) ?? '',
    actor: one(params.actor),
    target: one(params.target),
    since: oneDay(params.since),
    until: oneDay(params.until),
  }
}

/** The beginning of a day, and with `days` of one after it. */
function begins(text: string, local: boolean, days = 0): string | undefined {
  if (!text) return undefined
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number)
  const at = local ? new Date(year, month - 1, date + days) : new Date(Date.UTC(year, month - 1, date + days))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/**
 * The filters as the server takes them; the last day is part of what is asked for. Days are of UTC until the page is alive, since the
 * server cannot know the reader's, and then `local`.
 */
export function auditFilter(view: AuditView, local: boolean): AuditFilter {
  return {
    action: auditActions.find((known) => known === view.action),
    actor: view.actor.trim() || undefined,
    target: view.target.trim() || undefined,
    since: begins(view.since, local),
    until: begins(view.until, local, 1),
  }
}

/** Under which the log's pages are kept. */
export const auditKey = (filter: AuditFilter) => [...queryKeys.audit.list.queryKey(filter), 'pages']

/** The first page in the form in which it is kept. */
export const auditStart = (page: AuditPage) => ({ pages: [page], pageParams: [''] })

/** Where the same entries are downloaded. */
export function exportPath(filter: AuditFilter, format: 'csv' | 'jsonl'): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return `/api/audit?${new URLSearchParams([['format', format], ...given])}`
}
