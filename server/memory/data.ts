import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import type { DocumentState } from '@/server/core/generated/prisma/enums.ts'

export type DocumentRow = Prisma.MemoryDocumentGetPayload<object>

/** The documents of an agent, the newest first. */
export const findDocuments = (agentId: string) => db().memoryDocument.findMany({ where: { agentId }, orderBy: { id: 'desc' } })

export const findDocument = (agentId: string, id: string) => db().memoryDocument.findFirst({ where: { agentId, id } })

/** A document by its id alone, for whoever reads it in the background. */
export const findForReading = (id: string) => db().memoryDocument.findUnique({ where: { id } })

export const findByRequest = (agentId: string, requestId: string) => db().memoryDocument.findFirst({ where: { agentId, requestId } })

/**
 * Makes a document's row where the agent has room for one more, and its owner for so many bytes; else says which of them has none. Null where the
 * agent is gone. The same request again gives the row that it made.
 */
export function insertDocument(
  ownerId: ActorId,
  row: Prisma.MemoryDocumentUncheckedCreateInput,
  { perAgent, personBytes }: { perAgent: number; personBytes: number },
): Promise<DocumentRow | 'many' | 'large' | null> {
  return db().$transaction(async (tx) => {
    // Requests at once do not each find room.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`documents:${ownerId}`}, 0))`
    const [agent] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM "Agent" WHERE id = ${row.agentId} FOR UPDATE`
    if (!agent) return null
    const known = await tx.memoryDocument.findFirst({ where: { agentId: row.agentId, requestId: row.requestId } })
    if (known) return known
    const count = await tx.memoryDocument.count({ where: { agentId: row.agentId } })
    if (count >= perAgent) return 'many'
    const { _sum } = await tx.memoryDocument.aggregate({ where: { agent: { ownerId } }, _sum: { bytes: true } })
    return (_sum.bytes ?? 0) + row.bytes > personBytes ? 'large' : tx.memoryDocument.create({ data: row })
  })
}

/** Removes a document with its pieces. */
export async function deleteDocument(agentId: string, id: string): Promise<void> {
  await db().memoryDocument.deleteMany({ where: { agentId, id } })
}

export const ownerOf = async (agentId: string): Promise<string | null> =>
  (await db().agent.findUnique({ where: { id: agentId }, select: { ownerId: true } }))?.ownerId ?? null

export interface NewPiece {
  id: string
  ordinal: number
  page: number | null
  sealed: Uint8Array
  /** A tsvector, written out. */
  terms: string
}

/** Removes the pieces of a document from a place on. */
export const clearPieces = (documentId: string, from: number) =>
  db().memoryChunk.deleteMany({ where: { documentId, ordinal: { gte: from } } })

// Two may be at the same document: each writes every piece whole, so it does not matter whose stays.
const piecesSql = `INSERT INTO "MemoryChunk" (id, "documentId", ordinal, page, sealed, terms)
  SELECT p.id, $1, p.ordinal, p.page, p.sealed, p.terms::tsvector
  FROM unnest($2::text[], $3::int[], $4::int[], $5::bytea[], $6::text[]) AS p(id, ordinal, page, sealed, terms)
  ON CONFLICT ("documentId", ordinal) DO UPDATE
  SET id = excluded.id, page = excluded.page, sealed = excluded.sealed, terms = excluded.terms`

export async function insertPieces(documentId: string, pieces: readonly NewPiece[]): Promise<void> {
  const column = <K extends keyof NewPiece>(name: K) => pieces.map((piece) => piece[name])
  const sealed = pieces.map((piece) => Buffer.from(piece.sealed))
  await pool().query(piecesSql, [documentId, column('id'), column('ordinal'), column('page'), sealed, column('terms')])
}

/** Ends a document's reading, once; false where it was ended or removed meanwhile. */
export async function endReading(id: string, end: { state: DocumentState; reason: string | null; chunks: number }): Promise<boolean> {
  return (await db().memoryDocument.updateMany({ where: { id, state: 'READING' }, data: end })).count === 1
}

/** The documents of all agents of a person. */
export const findOwn = (actorId: ActorId, tx: Tx = db()) =>
  tx.memoryDocument.findMany({ where: { agent: { ownerId: actorId } }, orderBy: { id: 'asc' } })

/** Documents whose reading nobody may be at any more. */
export const findUnread = (before: Date) =>
  db().memoryDocument.findMany({
    where: { state: 'READING', createdAt: { lt: before } },
    select: { id: true, agent: { select: { ownerId: true } } },
    take: 100,
  })

const countSql = `SELECT (SELECT count(*)::int FROM "MemoryChunk" c JOIN "MemoryDocument" d ON d.id = c."documentId"
    WHERE d."agentId" = $1 AND d.state = 'READY' AND (q.query IS NULL OR c.terms @@ q.query::tsquery)) AS count
  FROM unnest($2::text[]) WITH ORDINALITY AS q(query, place) ORDER BY q.place`

/** How many passages of an agent's documents fit each question; a null asks for all. */
export async function countPieces(agentId: string, queries: readonly (string | null)[]): Promise<number[]> {
  return (await pool().query<{ count: number }>(countSql, [agentId, queries])).rows.map(({ count }) => count)
}

export interface FoundPiece {
  id: string
  documentId: string
  name: string
  ordinal: number
  page: number | null
  sealed: Buffer
  rank: number
}

/** One word of a question with what it tells. */
export interface RankedWord {
  words: string
  grams: string | null
  weight: number
}

// The share of a word's pieces that a passage has stands in the rank of an OR of them; less than a part of them is chance.
const searchSql = `SELECT c.id, c."documentId", d.name, c.ordinal, c.page, c.sealed, r.rank
  FROM "MemoryChunk" c JOIN "MemoryDocument" d ON d.id = c."documentId",
  LATERAL (SELECT sum(q.weight * greatest(
      ts_rank('{0,0,0,1}', c.terms, q.words::tsquery),
      CASE WHEN q.grams IS NULL THEN 0 WHEN ts_rank('{0,1,0,0}', c.terms, q.grams::tsquery) < $6 THEN 0
        ELSE 0.6 * ts_rank('{0,1,0,0}', c.terms, q.grams::tsquery) END))::float AS rank
    FROM unnest($3::text[], $4::text[], $5::float[]) AS q(words, grams, weight)) r
  WHERE d."agentId" = $1 AND d.state = 'READY' AND c.terms @@ $2::tsquery AND r.rank > 0
  ORDER BY r.rank DESC, c."documentId", c.ordinal LIMIT $7`

/** The passages that fit best; `any` is what one of them has at least. */
export async function searchPieces(
  agentId: string,
  any: string,
  words: readonly RankedWord[],
  { share, take }: { share: number; take: number },
): Promise<FoundPiece[]> {
  const columns = [words.map((word) => word.words), words.map((word) => word.grams), words.map((word) => word.weight)]
  return (await pool().query<FoundPiece>(searchSql, [agentId, any, ...columns, share, take])).rows
}
