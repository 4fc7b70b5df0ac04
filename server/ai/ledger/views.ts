import { isId, literal } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, projectsForActor } from '@/server/core/gates.ts'
import * as data from '../data.ts'
import { callOutcomeOf, ledgerCursor, ledgerCursorOf } from '../rules.ts'
import {
  callDetailsSchema,
  type LedgerAllFilter,
  type LedgerCall,
  type LedgerChoices,
  type LedgerPage,
  type LedgerTotals,
  ledgerDays,
} from '../schema.ts'
import type { LedgerQuery, LedgerRow, LedgerScope } from './types.ts'

/** A filter as it was typed, or a page of what it finds. */
interface Asked extends LedgerAllFilter {
  before?: string | undefined
  limit: number
  detail: 'none' | 'all'
}

/** Choices of one kind; nobody has more models and purposes than a list can show. */
const choicesMost = 200

const filterOf = ({ person, ...filter }: LedgerAllFilter): LedgerQuery => ({
  ...filter,
  ...(person && (isId(person) ? { personId: person } : { personLike: `%${literal(person)}%` })),
})

const { files, redactions, withheld } = callDetailsSchema.shape
const stored = { files: files.catch([]), redactions: redactions.catch([]), withheld: withheld.catch([]) }

/** Files and paths are the project's: whoever reads for the platform and is no member gets their number alone. */
const detailsOf = (row: LedgerRow, named: boolean): LedgerCall['details'] => ({
  files: named ? stored.files.parse(row.files) : null,
  redactions: stored.redactions.parse(row.redactions),
  withheld: named ? stored.withheld.parse(row.withheld) : null,
  requestId: row.requestId,
  sha256: row.sha256,
  keyId: row.keyId,
})

function personOf({ personId, personName, personEmail }: LedgerRow, scope: LedgerScope): LedgerCall['person'] {
  const name = scope === 'all' ? personEmail : personName
  return personId && name ? { id: personId, name } : null
}

const callOf = (row: LedgerRow, scope: LedgerScope, details: LedgerCall['details']): LedgerCall => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  service: row.service,
  person: personOf(row, scope),
  purpose: row.purpose,
  build: row.buildNumber,
  model: row.model,
  demo: row.demo,
  outcome: callOutcomeOf(row),
  status: row.status,
  failure: row.failure,
  waits: row.waits,
  durationMs: row.durationMs,
  bytes: row.bytes,
  sealedBytes: row.sealedBytes,
  files: row.fileCount,
  redactions: row.redactionCount,
  withheld: row.withheldCount,
  inputTokens: row.inputTokens + row.cacheReadTokens + row.cacheWriteTokens,
  outputTokens: row.outputTokens,
  cacheReadTokens: row.cacheReadTokens,
  cacheWriteTokens: row.cacheWriteTokens,
  costMicros: Number(row.costMicros),
  details,
})

/** Whether the reader may know what the files of a project are called. */
async function namesOf(scope: LedgerScope, reader: ActorId): Promise<(row: LedgerRow) => boolean> {
  if (scope !== 'all') return () => true
  const own = new Set<string>((await projectsForActor(reader)).map(({ projectId }) => projectId))
  return ({ projectId }) => own.has(projectId)
}

/** What was sent to models, the newest first; `next` is the `before` of the next page. `reader` is who gets to see it. */
export async function ledgerPage(scope: LedgerScope, reader: ActorId, { before, limit, detail, ...filter }: Asked): Promise<LedgerPage> {
  const detailed = detail === 'all'
  const query = { ...filterOf(filter), before: before ? ledgerCursorOf(before) : undefined }
  const [rows, named] = await Promise.all([
    data.findCalls(scope, query, { take: limit + 1, detailed }),
    detailed ? namesOf(scope, reader) : undefined,
  ])
  const items = rows.slice(0, limit).map((row) => callOf(row, scope, named ? detailsOf(row, named(row)) : null))
  const last = items.at(-1)
  return { items, next: last && rows.length > limit ? ledgerCursor(last) : null }
}

/** One sending with all that is known of it. @throws AppError NOT_FOUND */
export async function ledgerEntry(scope: LedgerScope, reader: ActorId, id: string): Promise<LedgerCall> {
  const [rows, named] = await Promise.all([data.findCalls(scope, { id }, { take: 1, detailed: true }), namesOf(scope, reader)])
  const row = rows[0]
  if (!row) throw new AppError('NOT_FOUND', 'There is no such sending.', 'id', { key: 'noSending' })
  return callOf(row, scope, detailsOf(row, named(row)))
}

/** Sums over all that a filter finds, and its last days. */
export async function ledgerTotals(scope: LedgerScope, filter: LedgerAllFilter): Promise<LedgerTotals> {
  const query = filterOf(filter)
  const [{ calls, open, failed, ...sums }, days] = await Promise.all([data.sumCalls(scope, query), data.callDays(scope, query, ledgerDays)])
  return {
    calls: Number(calls),
    open: Number(open),
    failed: Number(failed),
    bytes: Number(sums.bytes),
    files: Number(sums.files),
    redactions: Number(sums.redactions),
    withheld: Number(sums.withheld),
    inputTokens: Number(sums.inputTokens),
    outputTokens: Number(sums.outputTokens),
    costMicros: Number(sums.costMicros),
    demoMicros: Number(sums.demoMicros),
    days: days
      .map((day) => ({
        day: day.day,
        calls: Number(day.calls),
        bytes: Number(day.bytes),
        costMicros: Number(day.costMicros),
        demoMicros: Number(day.demoMicros),
      }))
      .reverse(),
  }
}

/** What there is to filter by. */
export async function ledgerChoices(scope: LedgerScope): Promise<LedgerChoices> {
  const [purposes, models] = await Promise.all([
    data.callChoices(scope, 'purpose', choicesMost),
    data.callChoices(scope, 'model', choicesMost),
  ])
  return { purposes, models }
}
