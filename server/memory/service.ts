import { createHash, randomUUID } from 'node:crypto'
import { getAgent } from '@/server/agents/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { workspaceTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { keyIdOfSealed, openForPlatform, sealForPlatform } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { documentContext, pieceContext, termKey } from './reading/keys.ts'
import { isPdf, textOfBytes } from './reading/pages.ts'
import { askedWords, digestsWith, mediaTypeOf, plainName, weightOf } from './rules.ts'
import { documentLimits, type MemoryDocument, memoryEvents, type Passage } from './schema.ts'

export { documentContext, pieceContext } from './reading/keys.ts'
export { failReading, readDocument } from './reading/read.ts'

const megabyte = 1024 * 1024
const now = () => new Date(registry('clock').now())
const noDocument = () => new AppError('NOT_FOUND', 'There is no such document.', 'id', { key: 'noDocument' })

const viewOf = ({ id, name, mediaType, bytes, state, reason, chunks, createdAt }: data.DocumentRow): MemoryDocument => ({
  ...{ id, name, mediaType, bytes, reason, chunks },
  state: state.toLowerCase() as MemoryDocument['state'],
  createdAt: createdAt.toISOString(),
})

/** Tells a person's pages. */
const tellOfDocuments = (userId: string): void => registry('hub').publish(workspaceTopic(userId), { kind: 'agents' })

/** @throws AppError NOT_FOUND, FORBIDDEN to those who may use the agent but not change it */
async function mustEdit(actorId: ActorId, agentId: string): Promise<void> {
  if (!(await getAgent(actorId, agentId)).mayEdit)
    throw new AppError('FORBIDDEN', 'Only its owner can change this agent.', undefined, { key: 'agentNotYours' })
}

/** The documents of an agent that a person may use, the newest first. @throws AppError NOT_FOUND */
export async function listDocuments(actorId: ActorId, agentId: string): Promise<MemoryDocument[]> {
  await getAgent(actorId, agentId)
  return (await data.findDocuments(agentId)).map(viewOf)
}

function checkBytes(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new AppError('BAD_REQUEST', 'This file is empty.', 'file', { key: 'emptyFile' })
  const megabytes = documentLimits.bytes / megabyte
  if (bytes.length > documentLimits.bytes)
    throw new AppError('TOO_LARGE', `A document may have ${megabytes} MB.`, 'file', { key: 'fileTooLarge', values: { megabytes } })
  if (!isPdf(bytes) && textOfBytes(bytes) === null)
    throw new AppError('BAD_REQUEST', 'Only PDF files and texts can be read.', 'file', { key: 'documentKind' })
}

/** Has a document read in the background; asking again starts nothing more. */
const askForReading = (documentId: string, ownerId: string): Promise<void> =>
  sendEvent({
    name: memoryEvents.added,
    id: `memory-added-${documentId}`,
    source: 'memory',
    correlationId: documentId,
    data: { documentId, ownerId },
  })

/** Why a document finds no place. */
function noRoom(why: 'many' | 'large' | null): AppError {
  if (why === null) return new AppError('NOT_FOUND', 'There is no such agent, or it is not shared with you.', 'id', { key: 'noAgent' })
  const [most, mb] = [documentLimits.perAgent, documentLimits.personBytes / megabyte]
  if (why === 'many')
    return new AppError('CONFLICT', `An agent has at most ${most} documents.`, undefined, { key: 'documentsFull', values: { most } })
  const words = `The documents of all your agents together may have ${mb} MB. Remove some of them first.`
  return new AppError('TOO_LARGE', words, undefined, { key: 'documentsRoom', values: { mb } })
}

/**
 * Adds a document to a person's own agent. It is found in once it has been read; the same request again adds nothing more. Its row comes
 * first: one whose bytes never came ends as failed, and nothing lies in the object store that no row names.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_REQUEST, TOO_LARGE, CONFLICT where the agent has as many as it may, TOO_LARGE also where its owner has no room for more
 */
export async function addDocument(
  actorId: ActorId,
  agentId: string,
  { requestId, name, bytes }: { requestId: string; name: string; bytes: Uint8Array },
): Promise<MemoryDocument> {
  await mustEdit(actorId, agentId)
  const request = `${agentId}:${requestId}`
  const known = await data.findByRequest(agentId, request)
  if (known && (known.state !== 'READING' || (await registry('objects').get(known.objectKey)))) return viewOf(known)
  checkBytes(bytes)
  const id = randomUUID()
  const objectKey = `memory/${agentId}/${id}`
  const sealedAt = (key: string) => sealForPlatform(documentContext(key), bytes)
  const sealed = await sealedAt(objectKey)
  const plain = plainName(name)
  const row = { id, agentId, requestId: request, name: plain, mediaType: mediaTypeOf(plain, isPdf(bytes)), bytes: bytes.length, objectKey }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const made = await data.insertDocument(actorId, { ...row, sha256, keyId: keyIdOfSealed(sealed), createdAt: now() }, documentLimits)
  if (made === null || typeof made === 'string') throw noRoom(made)
  await registry('objects').put(made.objectKey, made.id === id ? sealed : await sealedAt(made.objectKey))
  // It may have been removed meanwhile, with its agent.
  if (!(await data.findDocument(agentId, made.id))) await registry('objects').delete(made.objectKey)
  await askForReading(made.id, actorId)
  tellOfDocuments(actorId)
  return viewOf(made)
}

/** Removes a document with all that was kept of it. @throws AppError NOT_FOUND, FORBIDDEN */
export async function removeDocument(actorId: ActorId, agentId: string, id: string): Promise<void> {
  await mustEdit(actorId, agentId)
  const row = await data.findDocument(agentId, id)
  if (!row) throw noDocument()
  // Its bytes go first, so that where this is cut short its row still names them; and once more, should they have been sealed anew just then.
  await registry('objects').delete(row.objectKey)
  await data.deleteDocument(agentId, id)
  await registry('objects').delete(row.objectKey)
  tellOfDocuments(actorId)
}

async function passageOf({ sealed, ...piece }: data.FoundPiece): Promise<Passage | null> {
  try {
    const { documentId, name, ordinal, page, rank } = piece
    return { documentId, name, ordinal, page, rank, text: (await openForPlatform(pieceContext(piece.id), sealed)).toString('utf8') }
  } catch (error) {
    // What no key opens any more is as good as not found.
    if (isAppError(error) && error.code !== 'UNAVAILABLE') return null
    throw error
  }
}

/**
 * The passages of an agent's documents that fit a question best, for a person who may use the agent. A word counts with its forms; one that
 * stands nowhere counts as what is written much like it.
 * @throws AppError NOT_FOUND
 */
export async function searchDocuments(actorId: ActorId, agentId: string, query: string): Promise<Passage[]> {
  await getAgent(actorId, agentId)
  const words = askedWords(query, digestsWith(termKey(agentId)))
  if (words.length === 0) return []
  const [all = 0, ...found] = await data.countPieces(agentId, [null, ...words.map((word) => word.words)])
  if (all === 0) return []
  const ranked = words.map((word, at) => ({
    words: word.words,
    // A word that is found as it stands need not be looked for in others.
    grams: found[at] ? null : word.grams,
    weight: weightOf(found[at] ?? 0, all),
  }))
  const any = ranked.map((word) => (word.grams ? `${word.words} | ${word.grams}` : word.words)).join(' | ')
  const pieces = await data.searchPieces(agentId, any, ranked, { share: documentLimits.leastShare, take: documentLimits.results })
  return (await Promise.all(pieces.map(passageOf))).filter((one) => one !== null)
}

/** Where the bytes of all documents of a person lie, for whoever removes the person and then these. */
export const documentObjectsOf = async (tx: Tx, actorId: ActorId): Promise<string[]> =>
  (await data.findOwn(actorId, tx)).map(({ objectKey }) => objectKey)

/** Removes the bytes of documents whose rows are gone. */
export async function forgetDocuments(objectKeys: readonly string[]): Promise<void> {
  await Promise.all(objectKeys.map((key) => registry('objects').delete(key)))
}

/** A person's documents, for the export of their data. */
export async function documentsOf(actorId: ActorId): Promise<unknown[]> {
  return (await data.findOwn(actorId)).map((row) => ({ agentId: row.agentId, ...viewOf(row), sha256: row.sha256 }))
}

/** Asks again for the reading of documents that wait for long: the executor may have been away when they were added. */
export async function sweepDocuments(): Promise<void> {
  const unread = await data.findUnread(new Date(now().getTime() - 5 * 60_000))
  for (const { id, agent } of unread) await askForReading(id, agent.ownerId)
  if (unread.length > 0) logger.info({ count: unread.length }, 'documents that wait to be read were asked for again')
}
