import { db, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

/** A transaction that stores a project with its first key. */
export type KeyTransaction = Tx

export interface WrappedKey {
  id: string
  masterId: string | null
  /** Null once the key was destroyed. */
  wrapped: Uint8Array | null
}

const columns = { id: true, masterId: true, wrapped: true } as const

/** The project's key that seals new things, or null where it has none yet. */
export function findActiveKey(projectId: ProjectId): Promise<WrappedKey | null> {
  return db().dataKey.findFirst({ where: { projectId, state: 'ACTIVE' }, orderBy: { createdAt: 'desc' }, select: columns })
}

/** One key of this project, whatever its state; a destroyed one has nothing to unwrap. */
export function findKey(projectId: ProjectId, id: string): Promise<WrappedKey | null> {
  return db().dataKey.findFirst({ where: { id, projectId }, select: columns })
}

/**
 * Stores a project's first key, or returns the one that another process stored before.
 * The project's row is locked meanwhile, so there is one winner; null where there is no such project.
 */
export function createFirstKey(
  projectId: ProjectId,
  fresh: { id: string; masterId: string; wrapped: Uint8Array },
): Promise<WrappedKey | null> {
  return db().$transaction(async (tx) => {
    const project = await tx.$queryRaw<unknown[]>`SELECT id FROM "Project" WHERE id = ${projectId} FOR NO KEY UPDATE`
    if (project.length === 0) return null
    const existing = await tx.dataKey.findFirst({ where: { projectId, state: 'ACTIVE' }, orderBy: { createdAt: 'desc' }, select: columns })
    if (existing) return existing
    return tx.dataKey.create({ data: { ...fresh, projectId, wrapped: Buffer.from(fresh.wrapped) }, select: columns })
  })
}

/** Stores the first key of a project that the same transaction stores. */
export async function insertKey(tx: Tx, projectId: string, fresh: { id: string; masterId: string; wrapped: Uint8Array }): Promise<void> {
  await tx.dataKey.create({ data: { ...fresh, projectId, wrapped: Buffer.from(fresh.wrapped) }, select: { id: true } })
}
