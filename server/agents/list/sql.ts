import { literal } from '@/server/audit/service.ts'
import type { ListQuery } from './types.ts'

const sorts: Record<ListQuery['sort'], { by: string; direction: 'asc' | 'desc' }> = {
  updated: { by: 'a."updatedAt"', direction: 'desc' },
  name: { by: 'lower(a.name)', direction: 'asc' },
  runs: { by: 'a.runs', direction: 'desc' },
  lastRun: { by: 'a."lastRunAt"', direction: 'desc' },
  cost: { by: 'a."costMicros"', direction: 'desc' },
}

/** Others may use what is shared with them and is no draft. `$1` the person, `$2` their projects. */
export const sharedSql = `(a."ownerId" <> $1 AND a.status <> 'DRAFT'
  AND (a.sharing = 'ALL' OR (a.sharing = 'PROJECT' AND a."projectId" = ANY($2::text[]))))`

const iso = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The columns of a row as the schema has them: `a` the agent, `p` its project, `u` its owner. */
export const cardColumns = `a.id, a.name, a.description, lower(a.status::text) AS status, a."statusReason", a.model, a.engine, a.tags, a.avatar,
  lower(a.sharing::text) AS sharing, p.slug AS service, a."ownerId", coalesce(u."displayName", u.name) AS owner, a.version, a.runs, a.succeeded,
  a.tokens::float8 AS tokens, a."costMicros"::float8 AS "costMicros", ${iso('a."lastRunAt"')} AS "lastRunAt",
  ${iso('a."archivedAt"')} AS "archivedAt", ${iso('a."updatedAt"')} AS "updatedAt"`
export const cardJoins = `JOIN "User" u ON u.id = a."ownerId" LEFT JOIN "Project" p ON p.id = a."projectId" AND p."deletedAt" IS NULL`

const tagsShown = 200

/**
 * One page of the agents that a person may use, how many there are, and all their tags, in one statement: what is looked through first is
 * narrow, and the wide columns are read for the page's rows alone.
 */
export function listSql(actorId: string, projectIds: readonly string[], query: ListQuery) {
  const { by, direction: usual } = sorts[query.sort]
  const direction = query.direction ?? usual
  const order = (key: string, id: string) => `${key} ${direction} NULLS LAST, ${id} DESC`
  const search = query.search ? `%${literal(query.search)}%` : null
  const text = `WITH visible AS MATERIALIZED (
      SELECT a.id, a.tags, ${by} AS key, ($3::text IS NULL OR a.status::text = $3) AND ($4::text IS NULL OR a.tags @> ARRAY[$4::text])
        ${search ? 'AND (a.name ILIKE $5 OR a.description ILIKE $5 OR EXISTS (SELECT FROM unnest(a.tags) t WHERE t ILIKE $5))' : 'AND $5::text IS NULL'} AS asked
      FROM "Agent" a
      WHERE ($7::text <> 'shared' AND a."ownerId" = $1 AND (a."archivedAt" IS NOT NULL) = $6::boolean)
        OR ($7::text <> 'own' AND NOT $6::boolean AND a."archivedAt" IS NULL AND ${sharedSql})
    ), page AS (
      SELECT v.id, row_number() OVER (ORDER BY ${order('v.key', 'v.id')}) AS nth FROM visible v WHERE v.asked
      ORDER BY ${order('v.key', 'v.id')} LIMIT $8 OFFSET $9
    )
    SELECT (SELECT count(*)::int FROM visible WHERE asked) AS total,
      (SELECT coalesce(array_agg(tag ORDER BY tag), '{}') FROM (
        SELECT DISTINCT unnest(d.tags) AS tag FROM (SELECT DISTINCT tags FROM visible) d ORDER BY 1 LIMIT ${tagsShown}
      ) t) AS tags,
      (SELECT coalesce(json_agg(row_to_json(r) ORDER BY r.nth), '[]') FROM (
        SELECT page.nth, ${cardColumns} FROM page JOIN "Agent" a ON a.id = page.id ${cardJoins}
      ) r) AS items`
  const { status, tag, archived, whose, limit, page } = query
  const values = [actorId, projectIds, status?.toUpperCase() ?? null, tag ?? null, search, archived, whose, limit, (page - 1) * limit]
  return { name: `agents-list-${query.sort}-${direction}${search ? '-search' : ''}`, text, values }
}
