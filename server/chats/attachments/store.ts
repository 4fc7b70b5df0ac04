import { createHash } from 'node:crypto'
import { AppError, isAppError } from '@/server/core/errors.ts'
import { type ActorId, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { takeRoom } from '@/server/files/service.ts'
import { keyIdOfSealed, open, seal } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { checkQuota } from '../quota/quota.ts'
import { derivedId } from '../rules.ts'
import { chatLimits, type Part } from '../schema.ts'
import { ownChat } from '../thread/reading.ts'
import { imageTypeOf, mediaTypeOf, plainName } from './kinds.ts'
import type { Attachment, HandedIn } from './types.ts'

type FilePart = Extract<Part, { type: 'file' }>

/** What the bytes of a handed-in file are bound to. */
export const attachmentContext = (objectKey: string) => `chat-attachment:${objectKey}`
const megabyte = 1024 * 1024
const noFile = () => new AppError('NOT_FOUND', 'There is no such file.', 'id', { key: 'noAttachment' })

function checkSize(bytes: Uint8Array): void {
  const isImage = imageTypeOf(bytes) !== null
  const most = isImage ? chatLimits.imageBytes : chatLimits.fileBytes
  if (bytes.length === 0) throw new AppError('BAD_REQUEST', 'This file is empty.', 'file', { key: 'emptyFile' })
  if (bytes.length <= most) return
  const megabytes = Math.floor(most / megabyte)
  const [sentence, key] = isImage ? ['A picture may have', 'imageTooLarge'] : ['A file may have', 'fileTooLarge']
  throw new AppError('TOO_LARGE', `${sentence} ${megabytes} MB.`, 'file', { key, values: { megabytes } })
}

const told = ({ id, name, mediaType, bytes }: Attachment): Attachment => ({ id, name, mediaType, bytes })

/**
 * Keeps a file that belongs to a conversation, sealed; the same request again keeps nothing more. Its row comes first: whatever lies in the
 * object store goes with its conversation, also where this is cut short.
 * @throws AppError NOT_FOUND, BAD_REQUEST (empty), TOO_LARGE, TOO_MANY_REQUESTS (no space left)
 */
export async function handIn(actorId: ActorId, sessionId: string, { requestId, name, bytes }: HandedIn): Promise<Attachment> {
  const { spaceId } = await ownChat(actorId, sessionId)
  const id = derivedId('attachment', sessionId, requestId)
  const known = await data.findAttachment(spaceId, id)
  if (known && (await registry('objects').get(known.objectKey))) return told(known)
  checkSize(bytes)
  if (!known) await checkQuota(actorId, sessionId, ['diskBytes'])
  const objectKey = `chats/${spaceId}/${id}`
  const sealed = await seal(spaceId, attachmentContext(objectKey), bytes)
  const plain = plainName(name)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const row = { id, sessionId, name: plain, mediaType: mediaTypeOf(plain, bytes), bytes: bytes.length, sha256 }
  const createdAt = new Date(registry('clock').now())
  try {
    await takeRoom(spaceId, row.bytes, (tx) => data.addAttachment({ ...row, objectKey, keyId: keyIdOfSealed(sealed), createdAt }, tx))
  } catch (error) {
    // The same request may have come twice at once, and the other one found room.
    const twin = await data.findAttachment(spaceId, id)
    if (twin) return told(twin)
    throw error
  }
  await registry('objects').put(objectKey, sealed)
  // The conversation may have been deleted meanwhile.
  if (!(await data.findAttachment(spaceId, id))) await registry('objects').delete(objectKey)
  return told(row)
}

/** The bytes of a handed-in file; null where it is gone, or no key opens it. */
export async function attachmentBytes(spaceId: ProjectId, id: string): Promise<Buffer | null> {
  const row = await data.findAttachment(spaceId, id)
  const sealed = row && (await registry('objects').get(row.objectKey))
  if (!sealed) return null
  return open(spaceId, attachmentContext(row.objectKey), sealed).catch((error: unknown) => {
    if (isAppError(error)) return null
    throw error
  })
}

/** Names of all files that were handed in to a conversation, the oldest first. */
export const handedInTo = (spaceId: ProjectId, sessionId: string): Promise<Pick<Attachment, 'id' | 'name'>[]> =>
  data.findAllHandedIn(spaceId, sessionId)

/** Files of one conversation by their ids, in that order, as parts of the message that brings them. @throws AppError NOT_FOUND */
export async function filePartsOf(actorId: ActorId, sessionId: string, ids: readonly string[]): Promise<FilePart[]> {
  if (ids.length === 0) return []
  const rows = new Map((await data.findHandedIn(actorId, sessionId, ids)).map((row) => [row.id, row]))
  return ids.map((attachmentId) => {
    const row = rows.get(attachmentId)
    if (!row) throw noFile()
    const { name, mediaType, bytes } = row
    return { type: 'file', turn: 0, attachmentId, name, mediaType, bytes }
  })
}

/** A file for its owner to look at. @throws AppError NOT_FOUND, UNAVAILABLE where its bytes are gone or no key opens them */
export async function ownAttachment(actorId: ActorId, id: string): Promise<{ attachment: Attachment; bytes: Buffer }> {
  const spaceId = await spaceForActor(actorId)
  const row = await data.findAttachment(spaceId, id)
  if (!row) throw noFile()
  const bytes = await attachmentBytes(spaceId, id)
  if (!bytes) throw new AppError('UNAVAILABLE', 'This file cannot be opened any more.', undefined, { key: 'attachmentGone' })
  return { attachment: told(row), bytes }
}
