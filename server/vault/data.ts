import { db, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

/** A transaction that stores a project with its first key. */
export type KeyTransaction = Tx
/** Whose keys: a project's, or the platform's (null). */
export type KeyScope = ProjectId | null

export interface WrappedKey {
  id: string
  state: 'ACTIVE' | 'RETIRED' | 'DESTROYED'
  masterId: string | null
  /** Null once the key was destroyed. */
  wrapped: Uint8Array | null
}
export interface KeyRow extends WrappedKey {
  projectId: string | null
  createdAt: Date
  retiredAt: Date | null
  destroyedAt: Date | null
}
export interface FreshKey {
  id: string
  masterId: string
  wrapped: Uint8Array
}

const columns = { id: true, state: true, masterId: true, wrapped: true } as const
const allColumns = { ...columns, projectId: true, createdAt: true, retiredAt: true, destroyedAt: true } as const
const bytes = (value: Uint8Array) => Buffer.from(value)

/** The key that seals new things, or null where there is none yet. */
export function findActiveKey(scope: KeyScope, tx: Tx = db()): Promise<WrappedKey | null> {
  return tx.dataKey.findFirst({ where: { projectId: scope, state: 'ACTIVE' }, orderBy: { createdAt: 'desc' }, select: columns })
}

/** One key of a ring, whatever its state; a destroyed one has nothing to unwrap. */
export function findKey(scope: KeyScope, id: string): Promise<WrappedKey | null> {
  return db().dataKey.findFirst({ where: { id, projectId: scope }, select: columns })
}

/** Every key of a ring, the active one first, then from the newest to the oldest. */
export async function listKeys(scope: KeyScope): Promise<KeyRow[]> {
  const rows = await db().dataKey.findMany({
    where: { projectId: scope },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: allColumns,
  })
  return [...rows.filter(({ state }) => state === 'ACTIVE'), ...rows.filter(({ state }) => state !== 'ACTIVE')]
}

const limits = { timeout: 60_000, maxWait: 30_000 }

/**
 * Holds the master keys still for a transaction: whoever wraps holds them `shared`, whoever changes which there are holds them alone. So
 * no master key is forgotten between the wrapping of a key and the storing of it.
 */
export function holdingMasterKeys<T>(how: 'shared' | 'alone', work: (tx: Tx) => Promise<T>): Promise<T> {
  return db().$transaction(async (tx) => {
    await holdMasterKeys(tx, how)
    return work(tx)
  }, limits)
}

/** The same within a transaction that is under way. */
export async function holdMasterKeys(tx: Tx, how: 'shared' | 'alone'): Promise<void> {
  if (how === 'shared') await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended('vault:master-keys', 0))`
  else await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('vault:master-keys', 0))`
}

/** Lets one at a time change a ring: a project's by its row, the platform's by a lock. False where there is no such project. */
export async function lockRing(tx: Tx, scope: KeyScope): Promise<boolean> {
  if (scope) return (await tx.$queryRaw<unknown[]>`SELECT id FROM "Project" WHERE id = ${scope} FOR NO KEY UPDATE`).length > 0
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('vault:platform', 0))`
  return true
}

/** Stores the active key of a ring that has none. */
export async function insertKey(tx: Tx, scope: string | null, fresh: FreshKey): Promise<KeyRow> {
  return tx.dataKey.create({ data: { ...fresh, projectId: scope, wrapped: bytes(fresh.wrapped) }, select: allColumns })
}

/** Stores a key that opens, but does not seal any more. */
export async function insertRetiredKey(tx: Tx, fresh: FreshKey, at: Date): Promise<void> {
  await tx.dataKey.create({
    data: { ...fresh, projectId: null, state: 'RETIRED', retiredAt: at, wrapped: bytes(fresh.wrapped) },
    select: { id: true },
  })
}

/** Retires a ring's active key: it opens still. */
export async function retireActiveKey(tx: Tx, scope: KeyScope, at: Date): Promise<void> {
  await tx.dataKey.updateMany({ where: { projectId: scope, state: 'ACTIVE' }, data: { state: 'RETIRED', retiredAt: at } })
}

/** Takes the keys out of their rows for good; gives how many there were. */
export function destroyKeys(projectId: ProjectId, at: Date): Promise<number> {
  return db().$transaction(async (tx) => {
    await lockRing(tx, projectId)
    const where = { projectId, state: { not: 'DESTROYED' as const } }
    const { count } = await tx.dataKey.updateMany({ where, data: { state: 'DESTROYED', wrapped: null, destroyedAt: at } })
    return count
  })
}

/** A data key, or a secret of the platform by its name: whatever a master key wraps. */
export interface WrappedRow {
  kind: 'key' | 'secret'
  id: string
  projectId: string | null
  masterId: string | null
  wrapped: Uint8Array
}

/** Few enough that a vault is not flooded by those who ask for a page at once. */
const pageRows = 25

/**
 * What is wrapped, page by page: keys first, then secrets. `butBy` leaves out what that master key wraps.
 * @param after the last row of the page before
 */
export async function wrappedRows(after: Pick<WrappedRow, 'kind' | 'id'> | null, { tx = db(), butBy }: { tx?: Tx; butBy?: string } = {}) {
  const rows: WrappedRow[] = []
  if (after?.kind !== 'secret') {
    const other = butBy === undefined ? {} : { OR: [{ masterId: null }, { masterId: { not: butBy } }] }
    const where = { id: { gt: after?.id ?? '' }, wrapped: { not: null }, ...other }
    const select = { id: true, projectId: true, masterId: true, wrapped: true } as const
    const keys = await tx.dataKey.findMany({ where, orderBy: { id: 'asc' }, take: pageRows, select })
    for (const key of keys) if (key.wrapped) rows.push({ kind: 'key', ...key, wrapped: key.wrapped })
    if (rows.length === pageRows) return rows
  }
  const where = { name: { gt: after?.kind === 'secret' ? after.id : '' }, ...(butBy === undefined ? {} : { masterId: { not: butBy } }) }
  const secrets = await tx.platformSecret.findMany({ where, orderBy: { name: 'asc' }, take: pageRows - rows.length })
  return [
    ...rows,
    ...secrets.map(({ name, masterId, wrapped }) => ({ kind: 'secret' as const, id: name, projectId: null, masterId, wrapped })),
  ]
}

/** One of those rows as it is now; null where it is gone or destroyed. */
export async function wrappedRow({ kind, id }: Pick<WrappedRow, 'kind' | 'id'>): Promise<WrappedRow | null> {
  if (kind === 'secret') {
    const secret = await db().platformSecret.findUnique({ where: { name: id } })
    return secret && { kind, id, projectId: null, masterId: secret.masterId, wrapped: secret.wrapped }
  }
  const key = await db().dataKey.findUnique({ where: { id }, select: { projectId: true, masterId: true, wrapped: true } })
  return key?.wrapped ? { kind, id, ...key, wrapped: key.wrapped } : null
}

/** Puts another wrapping in a row's place, unless somebody else did so before or destroyed the key. */
export async function replaceWrapping(tx: Tx, row: WrappedRow, fresh: { masterId: string; wrapped: Uint8Array }): Promise<boolean> {
  const data = { masterId: fresh.masterId, wrapped: bytes(fresh.wrapped) }
  const wrapped = { equals: bytes(row.wrapped) }
  const { count } =
    row.kind === 'key'
      ? await tx.dataKey.updateMany({ where: { id: row.id, wrapped }, data })
      : await tx.platformSecret.updateMany({ where: { name: row.id, wrapped }, data })
  return count > 0
}

/** How much each master key wraps, of `keys` alone or of secrets, too; null stands for those of before they had ids. */
export async function wrapCounts(tx: Tx = db(), of: 'all' | 'keys' = 'all'): Promise<{ masterId: string | null; keys: number }[]> {
  const keys = await tx.dataKey.groupBy({ by: ['masterId'], where: { wrapped: { not: null } }, _count: true })
  const secrets = of === 'all' ? await tx.platformSecret.groupBy({ by: ['masterId'], _count: true }) : []
  const counts = new Map<string | null, number>()
  for (const { masterId, _count } of [...keys, ...secrets]) counts.set(masterId, (counts.get(masterId) ?? 0) + _count)
  return [...counts].map(([masterId, count]) => ({ masterId, keys: count }))
}

export const countDestroyed = (): Promise<number> => db().dataKey.count({ where: { state: 'DESTROYED' } })

/** A secret of the platform, wrapped. */
export async function findSecret(name: string, tx: Tx = db()): Promise<WrappedRow | null> {
  const found = await tx.platformSecret.findUnique({ where: { name } })
  return found && { kind: 'secret', id: name, projectId: null, masterId: found.masterId, wrapped: found.wrapped }
}

export async function insertSecret(tx: Tx, name: string, fresh: { masterId: string; wrapped: Uint8Array }): Promise<void> {
  await tx.platformSecret.create({ data: { name, masterId: fresh.masterId, wrapped: bytes(fresh.wrapped) } })
}

/** Whether anybody ever came in: an installation with people, but without secrets, is of a version that had none. */
export const hasPeople = async (tx: Tx): Promise<boolean> => (await tx.user.count({ take: 1 })) > 0

/** When the keys were last backed up under a master key. */
export async function findBackup(masterId: string): Promise<Date | null> {
  return (await db().keyBackup.findUnique({ where: { masterId } }))?.at ?? null
}

/** Writes down that the keys were backed up while these master keys were in use. */
export async function recordBackup(masterIds: readonly string[], at: Date, when: 'now' | 'unless later' = 'now'): Promise<void> {
  for (const masterId of masterIds) {
    const update = when === 'now' ? { at } : {}
    await db().keyBackup.upsert({ where: { masterId }, create: { masterId, at }, update })
  }
}

/** Every key with all that is known of it, and every secret, for a backup. */
export async function everything(tx: Tx) {
  const keys = await tx.dataKey.findMany({ orderBy: { id: 'asc' }, select: allColumns })
  return { keys, secrets: await tx.platformSecret.findMany({ orderBy: { name: 'asc' } }) }
}

/** Which of these projects are here. */
export async function presentProjects(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const found = await tx.project.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })
  return new Set(found.map(({ id }) => id))
}

/** Puts a key of a backup in, as it was. */
export async function restoreKey(tx: Tx, row: KeyRow & { masterId: string; wrapped: Uint8Array }): Promise<void> {
  await tx.dataKey.create({ data: { ...row, wrapped: bytes(row.wrapped) }, select: { id: true } })
}
