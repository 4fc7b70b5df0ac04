import { randomUUID } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { isAppError } from '@/server/core/errors.ts'
import { registry } from '@/server/core/registry.ts'
import { openForPlatform, sealForPlatform } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { digestsWith, termsOf } from '../rules.ts'
import { documentContext, pieceContext, tellOfReading, termKey } from './keys.ts'
import { readPages } from './pages.ts'
import { piecesOf } from './pieces.ts'
import { type Piece, type ReadingFault, Unreadable } from './types.ts'

const atOnce = 50

async function bytesOf({ objectKey }: data.DocumentRow): Promise<Buffer> {
  const sealed = await registry('objects').get(objectKey)
  if (!sealed) throw new Unreadable('gone')
  try {
    return await openForPlatform(documentContext(objectKey), sealed)
  } catch (error) {
    if (isAppError(error) && error.code !== 'UNAVAILABLE') throw new Unreadable('gone', { cause: error })
    throw error
  }
}

async function store({ id, agentId }: data.DocumentRow, pieces: readonly Piece[]): Promise<void> {
  const digest = digestsWith(termKey(agentId))
  for (let from = 0; from < pieces.length; from += atOnce) {
    const rows = pieces.slice(from, from + atOnce).map(async ({ page, text }, at): Promise<data.NewPiece> => {
      const pieceId = randomUUID()
      const sealed = await sealForPlatform(pieceContext(pieceId), Buffer.from(text))
      return { id: pieceId, ordinal: from + at, page, sealed, terms: termsOf(text, digest) }
    })
    await data.insertPieces(id, await Promise.all(rows))
    // Answers of others are not to wait for a long book.
    await breathe()
  }
  await data.clearPieces(id, pieces.length)
}

async function end(row: data.DocumentRow, outcome: { chunks: number } | ReadingFault): Promise<void> {
  const failed = typeof outcome === 'string'
  const state = failed
    ? ({ state: 'FAILED', reason: outcome, chunks: 0 } as const)
    : ({ state: 'READY', reason: null, ...outcome } as const)
  if (failed) await data.clearPieces(row.id, 0)
  await data.endReading(row.id, state)
  await tellOfReading(row.agentId)
}

/** Reads a document into pieces that can be found; may be cut off anywhere and begun again. What cannot be read ends as failed, with why. */
export async function readDocument(documentId: string): Promise<'read' | 'failed' | 'over'> {
  const row = await data.findForReading(documentId)
  if (row?.state !== 'READING') return 'over'
  try {
    const pieces = piecesOf(await readPages(await bytesOf(row)))
    if (pieces.length === 0) throw new Unreadable('noText')
    await store(row, pieces)
    await end(row, { chunks: pieces.length })
    return 'read'
  } catch (error) {
    // It was removed meanwhile, and its pieces have no place any more.
    if (!(await data.findForReading(documentId))) return 'over'
    if (!(error instanceof Unreadable)) throw error
    await end(row, error.fault)
    return 'failed'
  }
}

/** Ends a reading that failed time and again for a reason of ours. */
export async function failReading(documentId: string): Promise<void> {
  const row = await data.findForReading(documentId)
  if (row?.state === 'READING') await end(row, 'internal')
}
