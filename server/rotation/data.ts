import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import type { RoundState } from './schema.ts'
import {
  fingerprint,
  mostRows,
  takeColumnSql,
  takeObjectsSql,
  tallyColumnSql,
  tallyObjectsSql,
  type Which,
  writeColumnSql,
} from './sources/sql.ts'
import type { Scope, SealedColumn, SealedObjects, Tally, Wanted } from './sources/types.ts'

export { mostRows } from './sources/sql.ts'

// What is sealed is read and written in bulk, past Prisma: one statement for many rows, bytes as bytes.

/** A row of a column as it was read. */
export interface ColumnRow {
  /** The key's columns in order, as text, and all columns that the context names. */
  key: string[]
  names: Record<string, string>
  sealed: Buffer | null
  plain: string | null
  size: number
}

export interface ColumnWrite {
  row: ColumnRow
  fresh: Buffer
}

const idBytes = (keyId: string) => Buffer.from(keyId.replaceAll('-', ''), 'hex')
const idOf = (hex: string | null) => hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? null

interface TallyRow {
  key: string | null
  sealed: boolean
  rows: string
  bytes: string | null
}
const tallyOf = ({ key, sealed, rows, bytes }: TallyRow): Tally => ({
  keyId: key,
  sealed,
  rows: Number(rows),
  bytes: bytes === null ? null : Number(bytes),
})

/** How much of a column each key sealed, and how much of it stands in the clear. */
export async function tallyColumn(scope: Scope, column: SealedColumn): Promise<Tally[]> {
  const { rows } = await pool().query<TallyRow>(tallyColumnSql(column), [scope])
  return rows.map((row) => tallyOf({ ...row, key: idOf(row.key) })).filter((tally) => tally.rows > 0)
}

/** The next rows of a column that a key did not seal, or that it did. */
export async function takeColumn(
  scope: Scope,
  column: SealedColumn,
  { keyId, after, bytes }: Wanted,
  which: Which = 'others',
  most = mostRows,
): Promise<ColumnRow[]> {
  const from = after === null ? column.key.map(({ type }) => (type === 'bigint' ? '-1' : '')) : (JSON.parse(after) as string[])
  const values = [scope, idBytes(keyId), bytes, ...from]
  type Row = Record<string, string> & { sealed: unknown; plain: unknown; size: unknown }
  const { rows } = await pool().query<Row>(takeColumnSql(column, which, most), values)
  return rows.map(({ sealed, plain, size, ...names }) => ({
    key: column.key.map(({ column: name }) => names[name] ?? ''),
    names,
    sealed: sealed as Buffer | null,
    plain: plain as string | null,
    size: Number(size),
  }))
}

/** Stores what was sealed anew where the rows are still what was read; gives how many were. */
export async function writeColumn(column: SealedColumn, writes: readonly ColumnWrite[]): Promise<number> {
  if (writes.length === 0) return 0
  const values = writes.flatMap(({ row, fresh }) => [...row.key, row.sealed && fingerprint(row.sealed), fresh, row.plain])
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    // A power cut may undo it: then the row is as it was, under a key that still opens it. What is stored later is undone with it.
    await client.query('SET LOCAL synchronous_commit = off')
    const { rowCount } = await client.query(writeColumnSql(column, writes.length), values)
    await client.query('COMMIT')
    return rowCount ?? 0
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Objects of one slice, at most. */
const mostObjects = 64

export interface ObjectRow {
  id: string
  object: string
  size: number
}

/** How many objects each key sealed. */
export async function tallyObjects(scope: Scope, objects: SealedObjects): Promise<Tally[]> {
  return (await pool().query<TallyRow>(tallyObjectsSql(objects), [scope])).rows.map(tallyOf)
}

/** The next objects that a key did not seal, or of which nobody knows; or those that it did seal. */
export async function takeObjects(
  scope: Scope,
  objects: SealedObjects,
  { keyId, after }: Wanted,
  which: Which = 'others',
  most = mostObjects,
): Promise<ObjectRow[]> {
  const { rows } = await pool().query<ObjectRow>(takeObjectsSql(objects, which, most), [scope, keyId, after ?? ''])
  return rows
}

/** Holds an object's row while `work` replaces the object, and writes down the key that it says. Nothing is done where the row is gone. */
export async function withObject(objects: SealedObjects, id: string, work: (objectKey: string) => Promise<string | null>): Promise<void> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL synchronous_commit = off')
    const held = `SELECT "${objects.object}" AS object FROM "${objects.table}" WHERE id = $1 FOR NO KEY UPDATE`
    const objectKey = (await client.query<{ object: string | null }>(held, [id])).rows[0]?.object
    if (objectKey) await client.query(`UPDATE "${objects.table}" SET "keyId" = $2 WHERE id = $1`, [id, await work(objectKey)])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

export const now = () => new Date(registry('clock').now())

const platform = 'platform'
const openFor = (scope: Scope) => scope ?? platform

export type Round = NonNullable<Awaited<ReturnType<typeof findRound>>>

export const findRound = (id: string) => db().reseal.findUnique({ where: { id } })

export const findRounds = (ids: readonly string[]) => db().reseal.findMany({ where: { id: { in: [...ids] } } })

/** The round that goes on, else the last one. */
export const latestRound = async (scope: Scope) =>
  (await db().reseal.findUnique({ where: { openFor: openFor(scope) } })) ??
  db().reseal.findFirst({ where: { projectId: scope }, orderBy: [{ startedAt: 'desc' }, { id: 'desc' }] })

/** Rounds that go on, each with its service; null for the platform's. */
export async function openRounds(): Promise<{ round: Round; service: string | null; givenUp: boolean }[]> {
  const rows = await db().reseal.findMany({
    where: { state: 'RUNNING' },
    orderBy: { startedAt: 'asc' },
    include: { project: { select: { slug: true, deletedAt: true } } },
  })
  return rows.map(({ project, ...round }) => ({ round, service: project?.slug ?? null, givenUp: project?.deletedAt != null }))
}

/** Lets one at a time begin a round of a scope, to the end of the transaction; false where another one is at it. */
export async function holdRounds(tx: Tx, scope: Scope): Promise<boolean> {
  const name = `rounds:${openFor(scope)}`
  const rows = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS held`
  return rows[0]?.held === true
}

/** Begins a round; whoever asked before with the same id gets that one. Null where another round goes on. */
export async function insertRound(tx: Tx, scope: Scope, id: string, at: Date): Promise<Round | null> {
  const row = { id, projectId: scope, openFor: openFor(scope), startedAt: at, heartbeatAt: at }
  await tx.reseal.createMany({ data: [row], skipDuplicates: true })
  return tx.reseal.findFirst({ where: { id, projectId: scope } })
}

/** Ends the round that goes on; its id, or null where none does. */
export async function endOpenRound(tx: Tx, scope: Scope, state: RoundState, reason: string | null, at: Date): Promise<string | null> {
  const open = await tx.reseal.findUnique({ where: { openFor: openFor(scope) }, select: { id: true } })
  if (!open) return null
  const { count } = await tx.reseal.updateMany({
    where: { id: open.id, state: 'RUNNING' },
    data: { state, reason, openFor: null, endedAt: at },
  })
  return count === 1 ? open.id : null
}

/** What a round has come to. */
export interface Progress {
  source: string | null
  cursor: string | null
  total: number
  done: number
  resealed: number
  bytes: number
  unreadable: number
}

/**
 * Stores how far a round has come, or its end. False where it was ended or taken over meanwhile: `seen` is the heartbeat that the caller
 * knows, so of two who work at one round one stops.
 */
export async function saveRound(id: string, seen: Date, at: Date, progress: Progress, end?: RoundState): Promise<boolean> {
  const { count } = await db().reseal.updateMany({
    where: { id, state: 'RUNNING', heartbeatAt: seen },
    data: { ...progress, heartbeatAt: at, ...(end && { state: end, openFor: null, endedAt: at }) },
  })
  return count === 1
}

/** Ends a round that broke. */
export async function failRound(id: string, reason: string, at: Date): Promise<void> {
  await db().reseal.updateMany({ where: { id, state: 'RUNNING' }, data: { state: 'FAILED', reason, openFor: null, endedAt: at } })
}

/** Removes rounds that are over beyond the newest `keep` of their project. */
export async function pruneRounds(scope: Scope, keep: number): Promise<void> {
  const old = await db().reseal.findMany({
    where: { projectId: scope, state: { not: 'RUNNING' } },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    skip: keep,
    select: { id: true },
  })
  if (old.length > 0) await db().reseal.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } })
}

/** The numbers of a project's builds that are queued or at work. */
export const openBuilds = async (projectId: ProjectId): Promise<number[]> =>
  (
    await db().build.findMany({
      where: { projectId, status: { in: ['QUEUED', 'RUNNING'] } },
      orderBy: { number: 'asc' },
      select: { number: true },
    })
  ).map(({ number }) => number)

/** Whether a deployed version of the project runs. */
export const serviceRuns = async (projectId: ProjectId): Promise<boolean> =>
  (await db().service.count({ where: { projectId, state: { in: ['UP', 'DOWN', 'STARTING'] } } })) > 0

/** Projects with keys, and data keys that exist still. */
export async function keyTotals(): Promise<{ projects: number; keys: number }> {
  const rows = await db().dataKey.groupBy({ by: ['projectId'], where: { state: { not: 'DESTROYED' } }, _count: { _all: true } })
  return {
    projects: rows.filter(({ projectId }) => projectId !== null).length,
    keys: rows.reduce((sum, { _count }) => sum + _count._all, 0),
  }
}

/** Projects of which one of these conditions holds; each speaks of the project `$1`. */
export async function projectsWhere(conditions: readonly string[]): Promise<string[]> {
  const any = conditions.map((condition) => condition.replaceAll('$1', 'x.id')).join(' OR ')
  const { rows } = await pool().query<{ id: string }>(`SELECT x.id FROM "Project" x WHERE x."deletedAt" IS NULL AND (${any})`)
  return rows.map(({ id }) => id)
}

/** Whether one of these conditions holds of what belongs to no project. */
export async function platformWhere(conditions: readonly string[]): Promise<boolean> {
  const { rows } = await pool().query<{ any: boolean }>(`SELECT ${conditions.join(' OR ')} AS any`, [null])
  return rows[0]?.any === true
}

/** Does several writes as one. */
export const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db().$transaction(work)
