import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { chatTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { removeFiles } from '@/server/files/service.ts'
import { deleteStreamsOf } from '@/server/streams/service.ts'
import * as data from '../data.ts'
import { checkQuota } from '../quota/quota.ts'
import type { Chat } from '../schema.ts'
import { chatFor, ownChat } from '../thread/reading.ts'
import { setTitle, tellOfChat } from '../thread/writing.ts'

const now = () => new Date(registry('clock').now())

/** Changes a person's conversation and tells whoever looks at it. @throws AppError NOT_FOUND */
async function change(actorId: ActorId, sessionId: string, changes: Parameters<typeof data.changeChat>[2]): Promise<Chat> {
  await ownChat(actorId, sessionId)
  await data.changeChat(actorId, sessionId, changes)
  tellOfChat(actorId, sessionId, 'session')
  return chatFor(actorId, sessionId)
}

/** Gives a conversation the name that its owner chose; without one it is named by itself again. @throws AppError NOT_FOUND */
export async function renameChat(actorId: ActorId, sessionId: string, title: string): Promise<Chat> {
  const { spaceId } = await ownChat(actorId, sessionId)
  await setTitle(spaceId, sessionId, title, true)
  return chatFor(actorId, sessionId)
}

/**
 * Keeps a conversation above the others, for as long as it is pinned, or lets it go back among them. A closed one is then kept as long as if it
 * were closed at that moment: nothing goes because of one click.
 * @throws AppError NOT_FOUND
 */
export async function pinChat(actorId: ActorId, sessionId: string, pinned: boolean): Promise<Chat> {
  const { status, pinnedAt } = await ownChat(actorId, sessionId)
  const anew = !pinned && pinnedAt !== null && status === 'CLOSED'
  return change(actorId, sessionId, { pinnedAt: pinned ? now() : null, ...(anew ? { closedAt: now() } : {}) })
}

/** Puts a conversation away, or takes it out again. @throws AppError NOT_FOUND */
export const archiveChat = (actorId: ActorId, sessionId: string, archived: boolean): Promise<Chat> =>
  change(actorId, sessionId, { archivedAt: archived ? now() : null })

/** Asks the answers that are being made in a conversation to stop. */
async function stopAnswers(sessionId: string): Promise<void> {
  for (const runId of await data.stopRuns(sessionId, now())) registry('hub').publish(chatTopic(sessionId), { kind: 'stop', runId })
}

/** Ends what is at work in a conversation; it can be read, and opened again. Closed once more it is not kept longer. @throws AppError NOT_FOUND */
export async function closeChat(actorId: ActorId, sessionId: string): Promise<Chat> {
  const { status } = await ownChat(actorId, sessionId)
  return status === 'CLOSED' ? chatFor(actorId, sessionId) : change(actorId, sessionId, { status: 'CLOSED', closedAt: now() })
}

/** Lets a closed conversation go on. @throws AppError NOT_FOUND, TOO_MANY_REQUESTS where as many as may are at work */
export async function reopenChat(actorId: ActorId, sessionId: string): Promise<Chat> {
  await ownChat(actorId, sessionId)
  await checkQuota(actorId, sessionId, ['sessions'])
  return change(actorId, sessionId, { status: 'ACTIVE', closedAt: null, lastActiveAt: now() })
}

/**
 * Removes a conversation with all that belongs to it: files first, then objects and streams, the rows last, so that whatever cuts this
 * short, the next time finds them and goes on.
 */
export async function removeChat(spaceId: ProjectId, sessionId: string, ownerId: string): Promise<void> {
  await stopAnswers(sessionId)
  await removeFiles(sessionId)
  const { objectKeys, streamIds } = await data.findBelongings([sessionId])
  for (const key of objectKeys) await registry('objects').delete(key)
  await deleteStreamsOf(spaceId, streamIds)
  await data.deleteChat(spaceId, sessionId)
  // Once more: what was sealed anew at that moment still had its row.
  for (const key of objectKeys) await registry('objects').delete(key)
  // A tool that was still at work may have made its folder anew; without a row nobody makes another one.
  await removeFiles(sessionId)
  tellOfChat(ownerId, sessionId, 'session')
}

/** Removes every conversation of a space that is being removed. May be cut off and done again. */
export async function removeChatsOf(spaceId: ProjectId): Promise<void> {
  for (const { id, ownerId } of await data.findOfSpace(spaceId)) await removeChat(spaceId, id, ownerId)
}

/** Removes a person's conversation for good. @throws AppError NOT_FOUND */
export async function deleteChat(actorId: ActorId, sessionId: string): Promise<void> {
  const { spaceId } = await ownChat(actorId, sessionId)
  await removeChat(spaceId, sessionId, actorId)
}

/** How many of a person's conversations have something new. */
export const unreadCount = (actorId: ActorId): Promise<number> => data.countUnread(actorId)
