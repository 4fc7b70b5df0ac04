import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import type { SegmentRef, StreamHead } from './schema.ts'

/** A segment as it lies in the database. */
export interface StoredSegment extends SegmentRef {
  codec: string
  sealed: Buffer
}

// The hot paths speak SQL themselves: one statement that moves the head and inserts, binary parameters, no object per column.
const time = `to_char(s."at", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export async function insertStream(projectId: ProjectId, kind: string, tx: Tx = db()): Promise<string> {
  const { id } = await tx.stream.create({ data: { projectId, kind }, select: { id: true } })
  return id
}

/** Where the stream stands, or null where this project has no such stream. */
export async function findHead(projectId: ProjectId, streamId: string): Promise<StreamHead | null> {
  const { rows } = await pool().query<{ nextSeq: string; closed: boolean }>(
    'SELECT "nextSeq", "closedAt" IS NOT NULL AS closed FROM "Stream" WHERE id = $1 AND "projectId" = $2',
    [streamId, projectId],
  )
  const row = rows[0]
  return row ? { streamId, nextSeq: Number(row.nextSeq), closed: row.closed } : null
}

/**
 * Appends consecutive segments, the first of which starts at the head, and moves the head, in one statement.
 * @returns false where the head is elsewhere by now or the stream is closed or gone; nothing was written then
 */
export async function appendSegments(projectId: ProjectId, streamId: string, segments: readonly StoredSegment[]): Promise<boolean> {
  const first = segments[0]
  const last = segments.at(-1)
  if (!first || !last) return true
  const values: unknown[] = [streamId, projectId, first.firstSeq, last.firstSeq + last.count]
  const rows = segments.map((segment) => {
    const at = values.push(segment.firstSeq, segment.count, segment.tag, segment.at, segment.codec, segment.sealed)
    return `($${at - 5}::bigint, $${at - 4}::int, $${at - 3}::text, $${at - 2}::timestamp, $${at - 1}::text, $${at}::bytea)`
  })
  const { rowCount } = await pool().query(
    `WITH moved AS (
       UPDATE "Stream" SET "nextSeq" = $4::bigint
       WHERE id = $1 AND "projectId" = $2 AND "nextSeq" = $3::bigint AND "closedAt" IS NULL RETURNING id
     )
     INSERT INTO "StreamSegment" ("streamId", "firstSeq", "count", "tag", "at", "codec", "sealed")
     SELECT moved.id, v.* FROM moved, (VALUES ${rows.join(', ')}) AS v`,
    values,
  )
  return rowCount === segments.length
}

/** Whether exactly this segment is stored: the answer to an insert whose connection died before it was answered. */
export async function isStored(projectId: ProjectId, streamId: string, segment: StoredSegment): Promise<boolean> {
  const { rows } = await pool().query(
    `SELECT 1 FROM "StreamSegment" s JOIN "Stream" t ON t.id = s."streamId"
     WHERE t."projectId" = $1 AND s."streamId" = $2 AND s."firstSeq" = $3 AND s."sealed" = $4::bytea`,
    [projectId, streamId, segment.firstSeq, segment.sealed],
  )
  return rows.length > 0
}

interface SegmentRow {
  firstSeq: string
  count: number
  tag: string
  at: string
  codec: string
  sealed: Buffer
}

/** Up to `take` segments in order, from the one that holds line `from`, of one tag or of all. */
export async function findSegments(
  projectId: ProjectId,
  streamId: string,
  { from, take, tag }: { from: number; take: number; tag?: string | undefined },
): Promise<StoredSegment[]> {
  const ofTag = tag === undefined ? '' : 'AND s."tag" = $5'
  const { rows } = await pool().query<SegmentRow>(
    `SELECT s."firstSeq", s."count", s."tag", ${time} AS at, s."codec", s."sealed"
     FROM "StreamSegment" s JOIN "Stream" t ON t.id = s."streamId"
     WHERE t."projectId" = $1 AND s."streamId" = $2 ${ofTag} AND s."firstSeq" + s."count" > $3::bigint AND s."firstSeq" >= COALESCE(
       (SELECT max(s."firstSeq") FROM "StreamSegment" s WHERE s."streamId" = $2 ${ofTag} AND s."firstSeq" <= $3::bigint), 0)
     ORDER BY s."firstSeq" LIMIT $4`,
    tag === undefined ? [projectId, streamId, from, take] : [projectId, streamId, from, take, tag],
  )
  return rows.map((row) => ({ ...row, firstSeq: Number(row.firstSeq) }))
}

/**
 * The places of segments that start after line `after`, neighbours of one tag joined. At most `scan` segments are looked at;
 * `lastScanned` is where the last of them starts, null where that was all.
 */
export async function findRuns(
  projectId: ProjectId,
  streamId: string,
  { after, before, scan, tag }: { after: number; before: number; scan: number; tag?: string | undefined },
): Promise<{ segments: SegmentRef[]; lastScanned: number | null }> {
  const ofTag = tag === undefined ? '' : 'AND s."tag" = $6'
  const { rows } = await pool().query<{ firstSeq: string; count: string; tag: string; at: string; last: string; scanned: string }>(
    `WITH scanned AS (
       SELECT s."firstSeq", s."count", s."tag", s."at" FROM "StreamSegment" s JOIN "Stream" t ON t.id = s."streamId"
       WHERE t."projectId" = $1 AND s."streamId" = $2 AND s."firstSeq" > $3::bigint AND s."firstSeq" < $4::bigint ${ofTag}
       ORDER BY s."firstSeq" LIMIT $5
     ), marked AS (
       SELECT s.*, CASE WHEN lag(s."firstSeq" + s."count") OVER w = s."firstSeq" AND lag(s."tag") OVER w = s."tag" THEN 0 ELSE 1 END AS starts
       FROM scanned s WINDOW w AS (ORDER BY s."firstSeq")
     ), numbered AS (SELECT s.*, sum(s.starts) OVER (ORDER BY s."firstSeq") AS run FROM marked s)
     SELECT min(s."firstSeq") AS "firstSeq", sum(s."count") AS "count", min(s."tag") AS "tag",
       to_char(min(s."at"), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, max(s."firstSeq") AS last, count(*) AS scanned
     FROM numbered s GROUP BY s.run ORDER BY 1`,
    tag === undefined ? [projectId, streamId, after, before, scan] : [projectId, streamId, after, before, scan, tag],
  )
  const looked = rows.reduce((sum, row) => sum + Number(row.scanned), 0)
  const last = rows.at(-1)
  return {
    segments: rows.map((row) => ({ firstSeq: Number(row.firstSeq), count: Number(row.count), tag: row.tag, at: row.at })),
    lastScanned: looked >= scan && last ? Number(last.last) : null,
  }
}

/** Marks a stream closed; false where it was, or is not this project's. */
export async function markClosed(projectId: ProjectId, streamId: string, at: Date): Promise<boolean> {
  const { count } = await db().stream.updateMany({ where: { id: streamId, projectId, closedAt: null }, data: { closedAt: at } })
  return count > 0
}

/** Removes streams with all their lines; returns how many there were. */
export async function removeStreams(projectId: ProjectId, streamIds: readonly string[]): Promise<number> {
  const { count } = await db().stream.deleteMany({ where: { projectId, id: { in: [...streamIds] } } })
  return count
}
