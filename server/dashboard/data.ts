import { pool } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'

/** One day's runs of a person (UTC). */
export interface DayRow {
  day: string
  succeeded: number
  failed: number
  stopped: number
  tokens: number
  costMicros: number
}

export interface TotalsRow {
  agents: number
  active: number
  runs: number
  succeeded: number
  lastActivityAt: string | null
}

const ended = `"endedAt" IS NOT NULL AND state IN ('SUCCEEDED', 'FAILED', 'STOPPED')`
const daysSql = (whose: string) => `SELECT to_char("endedAt", 'YYYY-MM-DD') AS day,
    count(*) FILTER (WHERE state = 'SUCCEEDED')::int AS succeeded, count(*) FILTER (WHERE state = 'FAILED')::int AS failed,
    count(*) FILTER (WHERE state = 'STOPPED')::int AS stopped,
    sum("inputTokens" + "outputTokens")::float8 AS tokens, sum("costMicros")::float8 AS "costMicros"
  FROM "ChatRun" r WHERE ${whose} AND ${ended} AND "endedAt" >= $2::timestamp GROUP BY 1`
const ownDays = daysSql('"ownerId" = $1')
const agentDays = daysSql(`"agentId" = $3 AND ("ownerId" = $1 OR EXISTS (SELECT FROM "Agent" a WHERE a.id = $3 AND a."ownerId" = $1))`)

/** A person's runs by the day they ended, from `since` on; days without runs are left out. */
export async function findDays(actorId: ActorId, since: Date): Promise<DayRow[]> {
  return (await pool().query<DayRow>({ name: 'dashboard-days', text: ownDays, values: [actorId, since.toISOString()] })).rows
}

/** The same of one agent: all its runs for its owner, for anybody else their own. */
export async function findAgentDays(actorId: ActorId, agentId: string, since: Date): Promise<DayRow[]> {
  const values = [actorId, since.toISOString(), agentId]
  return (await pool().query<DayRow>({ name: 'agent-days', text: agentDays, values })).rows
}

const totalsSql = `SELECT a.agents, a.active, r.runs, r.succeeded, to_char(r.last, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "lastActivityAt"
  FROM (SELECT count(*)::int AS agents, count(*) FILTER (WHERE status = 'ACTIVE')::int AS active FROM "Agent"
      WHERE "archivedAt" IS NULL AND ("ownerId" = $1 OR (status <> 'DRAFT'
        AND (sharing = 'ALL' OR (sharing = 'PROJECT' AND "projectId" = ANY($2::text[])))))) a,
    (SELECT count(*) FILTER (WHERE ${ended})::int AS runs, count(*) FILTER (WHERE state = 'SUCCEEDED')::int AS succeeded,
      max(coalesce("endedAt", "startedAt", "createdAt")) AS last FROM "ChatRun" WHERE "ownerId" = $1) r`

/** How many agents a person may use, and what came of their runs. */
export async function findTotals(actorId: ActorId, projectIds: readonly string[]): Promise<TotalsRow> {
  const { rows } = await pool().query<TotalsRow>({ name: 'dashboard-totals', text: totalsSql, values: [actorId, projectIds] })
  return rows[0] as TotalsRow
}
