import { queryKeys } from '@/components/client/query-keys.ts'
import { callOutcomes, type LedgerAllFilter, type LedgerPage, ledgerFindings } from '@/server/ai/schema.ts'

/** The filters as they are typed; days are those of the reader's calendar. */
export interface LedgerView {
  since: string
  until: string
  purpose: string
  model: string
  build: string
  person: string
  service: string
  outcome: string
  found: string
}
export const emptyView: LedgerView = {
  ...{ since: '', until: '', purpose: '', model: '', build: '', person: '', service: '', outcome: '', found: '' },
}

const day = /^\d{4}-\d{2}-\d{2}$/
const one = (value: unknown, max = 320) => (typeof value === 'string' ? value.replaceAll('\0', '').slice(0, max) : '')
const oneDay = (value: unknown) => (day.test(one(value)) && !Number.isNaN(Date.parse(one(value))) ? one(value) : '')
const oneOf = (known: readonly string[], value: unknown) => known.find((name) => name === value) ?? ''
const numberOf = (text: string) => (/^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined)

/** What an address asks for; what it gets wrong is as if it were not there. */
export function ledgerView(params: Record<string, unknown>): LedgerView {
  return {
    since: oneDay(params.since),
    until: oneDay(params.until),
    purpose: one(params.purpose),
    model: one(params.model),
    build: numberOf(one(params.build)) ? one(params.build) : '',
    person: one(params.person),
    service: one(params.service, 64),
    outcome: oneOf(callOutcomes, params.outcome),
    found: oneOf(ledgerFindings, params.found),
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
export function ledgerFilter(view: LedgerView, local: boolean): LedgerAllFilter {
  const text = (value: string) => value.trim() || undefined
  return {
    since: begins(view.since, local),
    until: begins(view.until, local, 1),
    purpose: text(view.purpose),
    model: text(view.model),
    build: numberOf(view.build),
    person: text(view.person),
    service: text(view.service),
    outcome: callOutcomes.find((known) => known === view.outcome),
    found: ledgerFindings.find((known) => known === view.found),
  }
}

/** Under which the pages of a ledger are kept: a project's, or with null that of all. */
export const ledgerKey = (service: string | null, filter: LedgerAllFilter) => [
  ...(service === null ? queryKeys.ai.ledgerAll.queryKey(filter) : queryKeys.ai.ledger.queryKey({ ...filter, service })),
  'pages',
]
/** Under which the sums of a ledger are kept. */
export const totalsKey = (service: string | null, filter: LedgerAllFilter) =>
  service === null ? queryKeys.ai.ledgerAllTotals.queryKey(filter) : queryKeys.ai.ledgerTotals.queryKey({ ...filter, service })
/** Under which what there is to filter by is kept. */
export const choicesKey = (service: string | null) =>
  service === null ? queryKeys.ai.ledgerAllChoices.queryKey() : queryKeys.ai.ledgerChoices.queryKey({ service })

/** The first page in the form in which it is kept. */
export const ledgerStart = (page: LedgerPage) => ({ pages: [page], pageParams: [''] })

/** Where the same sendings are downloaded. */
export function ledgerFile(service: string | null, filter: LedgerAllFilter): string {
  const { service: asked, ...rest } = filter
  const given = Object.entries(service === null ? { ...rest, service: asked } : rest).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return `/api/ledger${service === null ? '' : `/${service}`}${query ? `?${query}` : ''}`
}
