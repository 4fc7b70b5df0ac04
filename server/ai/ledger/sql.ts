import type { LedgerQuery, LedgerScope } from './types.ts'

// One filter serves the list, the sums and the days, so that they never speak of different sendings.

export interface Statement {
  text: string
  values: unknown[]
}

const openSql = `(c.status = 0 AND c.failure IS NULL)`
const okSql = `(c.status BETWEEN 200 AND 299 AND c.failure IS NULL)`
const outcomeSql = { open: openSql, ok: okSql, failed: `NOT (${openSql} OR ${okSql})` } as const
const foundSql = { redactions: `c."redactionCount" > 0`, withheld: `c."withheldCount" > 0` } as const
const tables = `"ModelCall" c JOIN "Project" p ON p.id = c."projectId" LEFT JOIN "User" u ON u.id = c."actorId"`
const personSql = `coalesce(u."displayName", u.name, u.email)`

/** The conditions of a filter; what they compare with is appended to `values`. */
function conditions(scope: LedgerScope, query: LedgerQuery, values: unknown[]): string {
  const value = (given: unknown) => `$${values.push(given)}`
  // The columns hold UTC without saying so.
  const time = (iso: string) => `${value(new Date(iso).toISOString().slice(0, -1))}::timestamp`
  const found: (string | false | undefined)[] = [
    scope === 'all' ? 'p."deletedAt" IS NULL' : `c."projectId" = ${value(scope)}`,
    query.id && `c.id = ${value(query.id)}`,
    query.since && `c."startedAt" >= ${time(query.since)}`,
    query.until && `c."startedAt" < ${time(query.until)}`,
    query.before && `(c."startedAt", c.id) < (${time(new Date(query.before.at).toISOString())}, ${value(query.before.id)})`,
    query.service && `p.slug = ${value(query.service)}`,
    query.purpose && `c.purpose = ${value(query.purpose)}`,
    query.model && `c.model = ${value(query.model)}`,
    query.build !== undefined && `c."buildNumber" = ${value(query.build)}`,
    query.personId && `c."actorId" = ${value(query.personId)}`,
    query.outcome && outcomeSql[query.outcome],
    query.found && foundSql[query.found],
  ]
  if (query.personLike) {
    const like = value(query.personLike)
    found.push(`(u.email ILIKE ${like} OR ${personSql} ILIKE ${like})`)
  }
  return found.filter(Boolean).join(' AND ')
}

const detailColumns = ['files', 'redactions', 'withheld']
const columns = [
  ...['id', 'projectId', 'purpose', 'buildNumber', 'model', 'demo', 'status', 'failure', 'waits', 'durationMs', 'bytes', 'sealedBytes'],
  ...['fileCount', 'redactionCount', 'withheldCount', 'inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'costMicros'],
  ...['requestId', 'sha256', 'keyId'],
]

/** Sendings, the newest first. */
export function listSql(scope: LedgerScope, query: LedgerQuery, { take, detailed }: { take: number; detailed: boolean }): Statement {
  const values: unknown[] = []
  const where = conditions(scope, query, values)
  const read = columns.map((name) => `c."${name}"`)
  const details = detailColumns.map((name) => (detailed ? `c."${name}"` : `NULL AS "${name}"`))
  return {
    text: `SELECT ${[...read, ...details].join(', ')}, (extract(epoch FROM c."startedAt") * 1000)::float8 AS at,
        p.slug AS service, u.id AS "personId", ${personSql} AS "personName", u.email AS "personEmail"
      FROM ${tables} WHERE ${where} ORDER BY c."startedAt" DESC, c.id DESC LIMIT $${values.push(take)}`,
    values,
  }
}

const cost = (demo: boolean) => `coalesce(sum(c."costMicros") FILTER (WHERE ${demo ? '' : 'NOT '}c.demo), 0)`
const sum = (what: string) => `coalesce(sum(${what}), 0)`
const sums = {
  calls: 'count(*)',
  open: `count(*) FILTER (WHERE ${outcomeSql.open})`,
  failed: `count(*) FILTER (WHERE ${outcomeSql.failed})`,
  bytes: sum('c.bytes'),
  files: sum('c."fileCount"'),
  redactions: sum('c."redactionCount"'),
  withheld: sum('c."withheldCount"'),
  inputTokens: sum('c."inputTokens"::bigint + c."cacheReadTokens" + c."cacheWriteTokens"'),
  outputTokens: sum('c."outputTokens"'),
  costMicros: cost(false),
  demoMicros: cost(true),
}

/** One row of sums. */
export function sumsSql(scope: LedgerScope, query: LedgerQuery): Statement {
  const values: unknown[] = []
  const where = conditions(scope, query, values)
  const read = Object.entries(sums).map(([name, sql]) => `${sql} AS "${name}"`)
  return { text: `SELECT ${read.join(', ')} FROM ${tables} WHERE ${where}`, values }
}

/** The last days on which something was sent, the newest first. */
export function daysSql(scope: LedgerScope, query: LedgerQuery, days: number): Statement {
  const values: unknown[] = []
  const where = conditions(scope, query, values)
  const read = (['calls', 'bytes', 'costMicros', 'demoMicros'] as const).map((name) => `${sums[name]} AS "${name}"`)
  return {
    text: `SELECT to_char(c."startedAt", 'YYYY-MM-DD') AS day, ${read.join(', ')}
      FROM ${tables} WHERE ${where} GROUP BY 1 ORDER BY 1 DESC LIMIT $${values.push(days)}`,
    values,
  }
}

/** What one column says in all the rows of a scope. */
export function choicesSql(scope: LedgerScope, column: 'purpose' | 'model', most: number): Statement {
  const values: unknown[] = []
  const where = conditions(scope, {}, values)
  return {
    text: `SELECT c."${column}" AS choice FROM ${tables} WHERE ${where} GROUP BY 1 ORDER BY 1 LIMIT $${values.push(most)}`,
    values,
  }
}

/** Removes old rows, a bounded number at once. The budget of a build that goes on counts its rows, so they stay. */
export const removeOldSql = `DELETE FROM "ModelCall" WHERE id IN (
  SELECT c.id FROM "ModelCall" c LEFT JOIN "Build" b ON b.id = c."buildId"
  WHERE c."startedAt" < $1::timestamp AND (b.id IS NULL OR b.status NOT IN ('QUEUED', 'RUNNING'))
  ORDER BY c."startedAt" LIMIT $2)`
