import { db, type Tx } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'

/** The conversation whose files these are, if it is of this space. */
export async function findSession(spaceId: ProjectId, sessionId: string) {
  return db().chatSession.findFirst({
    where: { id: sessionId, spaceId },
    select: { id: true, status: true, filesKey: true, filesBytes: true },
  })
}

/** Bytes that all of a person's conversations hold: their files, and what was handed in. */
export async function usedBytes(spaceId: ProjectId, tx: Tx = db()): Promise<number> {
  const files = await tx.chatSession.aggregate({ where: { spaceId }, _sum: { filesBytes: true } })
  const attachments = await tx.chatAttachment.aggregate({ where: { session: { spaceId } }, _sum: { bytes: true } })
  return Number(files._sum.filesBytes ?? 0) + (attachments._sum.bytes ?? 0)
}

/** Writes down how much a conversation's files take. */
export async function saveBytes(sessionId: string, bytes: number): Promise<void> {
  await db().chatSession.updateMany({ where: { id: sessionId }, data: { filesBytes: BigInt(bytes) } })
}

/**
 * Writes something down that takes so many more bytes of a person, where they have them: whoever asks at the same moment waits until that is
 * done. False where there is no room, and then nothing is written down.
 */
export const noteWithin = (spaceId: ProjectId, bytes: number, most: number, note: (tx: Tx) => Promise<void>): Promise<boolean> =>
  db().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`disk:${spaceId}`}, 0))`
    if (bytes > 0 && (await usedBytes(spaceId, tx)) + bytes > most) return false
    await note(tx)
    return true
  })

/** Adds to, or takes off, what a conversation's files take. */
export async function addBytes(spaceId: ProjectId, sessionId: string, bytes: number, tx: Tx = db()): Promise<void> {
  await tx.chatSession.updateMany({ where: { id: sessionId, spaceId }, data: { filesBytes: { increment: BigInt(bytes) } } })
}

export interface NewPiece {
  pack: string
  position: number
  bytes: number
  objectKey: string
  keyId: string | null
}

/** Notes a piece before it is stored, so that none is ever stored that nobody knows of. */
export async function insertPiece(sessionId: string, piece: NewPiece): Promise<void> {
  await db().chatFilePiece.create({ data: { sessionId, ...piece } })
}

/** The pieces of one pack in order. */
export function findPieces(spaceId: ProjectId, sessionId: string, pack: string) {
  return db().chatFilePiece.findMany({
    where: { sessionId, pack, session: { spaceId } },
    orderBy: { position: 'asc' },
    select: { id: true, position: true, objectKey: true },
  })
}

/** Makes a pack the one that holds a conversation's files; false where the conversation is gone. */
export async function namePack(spaceId: ProjectId, sessionId: string, pack: string, keyId: string | null): Promise<boolean> {
  const { count } = await db().chatSession.updateMany({ where: { id: sessionId, spaceId }, data: { filesKey: pack, filesKeyId: keyId } })
  return count > 0
}

/** Pieces that belong to no pack which a conversation names; all of its pieces without a pack to keep. */
export function findLeftovers(sessionId: string, keep: string | null) {
  return db().chatFilePiece.findMany({
    where: { sessionId, ...(keep !== null && { pack: { not: keep } }) },
    select: { id: true, objectKey: true },
  })
}

/** Forgets pieces whose bytes are gone. */
export async function deletePieces(ids: readonly string[]): Promise<void> {
  await db().chatFilePiece.deleteMany({ where: { id: { in: [...ids] } } })
}

/** A conversation has no packed files any more. */
export async function clearFiles(sessionId: string): Promise<void> {
  await db().chatSession.updateMany({ where: { id: sessionId }, data: { filesKey: null, filesKeyId: null, filesBytes: 0n } })
}

/** Which of these conversations still exist. */
export async function existing(sessionIds: readonly string[]): Promise<Set<string>> {
  const rows = await db().chatSession.findMany({ where: { id: { in: [...sessionIds] } }, select: { id: true } })
  return new Set(rows.map(({ id }) => id))
}
