import type { z } from 'zod'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import * as data from '../data.ts'
import { branchTo, childrenOf, type Node, newestLeaf } from '../rules.ts'
import type { Chat, ChatMessage, messagesInput, messagesOutput } from '../schema.ts'
import { messageOf, openTitle, viewsOf } from './views.ts'

const noChat = () => new AppError('NOT_FOUND', 'There is no such conversation.', 'id', { key: 'noChat' })
export const noMessage = () =>
  new AppError('NOT_FOUND', 'There is no such message in this conversation.', 'messageId', { key: 'noMessage' })

/** A conversation's row, for its owner. @throws AppError NOT_FOUND */
export async function ownChat(actorId: ActorId, sessionId: string): Promise<data.ChatRow & { spaceId: ProjectId }> {
  const [row, spaceId] = await Promise.all([data.findChat(actorId, sessionId), spaceForActor(actorId)])
  if (!row || row.spaceId !== spaceId) throw noChat()
  return { ...row, spaceId }
}

/** A conversation, for its owner. @throws AppError NOT_FOUND */
export async function chatFor(actorId: ActorId, sessionId: string): Promise<Chat> {
  const row = await ownChat(actorId, sessionId)
  const [chat] = await viewsOf(row.spaceId, [row])
  if (!chat) throw noChat()
  return chat
}

/** Titles of a person's conversations by their ids; null where there is none, or no key opens it. */
export async function titlesOf(actorId: ActorId, ids: readonly string[]): Promise<Map<string, string | null>> {
  const [rows, spaceId] = await Promise.all([data.findTitles(actorId, ids), spaceForActor(actorId)])
  return new Map(await Promise.all(rows.map(async ({ id, titleSealed }) => [id, await openTitle(spaceId, id, titleSealed)] as const)))
}

/** Messages by id, opened, in the order of the ids. */
export async function openMessages(
  spaceId: ProjectId,
  sessionId: string,
  nodes: readonly Node[],
  ids: readonly string[],
): Promise<ChatMessage[]> {
  const rows = new Map((await data.findMessages(sessionId, ids)).map((row) => [row.id, row]))
  const children = childrenOf(nodes)
  const found = ids.flatMap((id) => rows.get(id) ?? [])
  return Promise.all(found.map((row) => messageOf(spaceId, row, children.get(row.parentId) ?? [row.id])))
}

/** The last message of the branch that is shown. */
export const shownLeaf = (nodes: readonly Node[], leafId: string | null) =>
  leafId !== null && nodes.some(({ id }) => id === leafId) ? leafId : newestLeaf(nodes, null)

/**
 * All messages of a branch, oldest first, opened: the branch that ends with `leafId`, or the one that is shown.
 * @throws AppError NOT_FOUND
 */
export async function branchOf(actorId: ActorId, sessionId: string, leafId?: string | null): Promise<ChatMessage[]> {
  const [row, nodes] = await Promise.all([ownChat(actorId, sessionId), data.findNodes(sessionId)])
  if (leafId && !nodes.some(({ id }) => id === leafId)) throw noMessage()
  return openMessages(row.spaceId, sessionId, nodes, branchTo(nodes, leafId ?? shownLeaf(nodes, row.leafId)))
}

/**
 * The end of a branch, opened: what follows its last summary, that one, and so many of the messages before it. Without a summary all of it.
 * A conversation may have thousands of messages that a model is given no more.
 * @throws AppError NOT_FOUND
 */
export async function branchSince(actorId: ActorId, sessionId: string, leafId: string, before: number): Promise<ChatMessage[]> {
  const [row, nodes, summaries] = await Promise.all([ownChat(actorId, sessionId), data.findNodes(sessionId), data.findSummaries(sessionId)])
  if (!nodes.some(({ id }) => id === leafId)) throw noMessage()
  const ids = branchTo(nodes, leafId)
  let from = Math.max(
    0,
    ids.findLastIndex((id) => summaries.has(id)),
  )
  for (let left = before; from > 0 && left > 0; from--) if (!summaries.has(ids[from - 1] ?? '')) left--
  return openMessages(row.spaceId, sessionId, nodes, ids.slice(from))
}

type Wanted = Pick<z.infer<typeof messagesInput>, 'before' | 'limit'>

/** One page of the branch that a conversation shows, oldest first. @throws AppError NOT_FOUND (the message to begin before) */
export async function pageOf(spaceId: ProjectId, row: data.ChatRow, { before, limit }: Wanted): Promise<z.infer<typeof messagesOutput>> {
  const nodes = await data.findNodes(row.id)
  if (before && !nodes.some((node) => node.id === before)) throw noMessage()
  // Another branch may be shown by now: whoever pages on stays in the one that they read.
  const branch = branchTo(nodes, before ?? shownLeaf(nodes, row.leafId))
  const end = before ? branch.length - 1 : branch.length
  const from = Math.max(0, end - limit)
  const items = await openMessages(spaceId, row.id, nodes, branch.slice(from, end))
  return { items, next: from > 0 ? (branch[from] ?? null) : null, total: branch.length }
}

/** One page of the branch that is shown, oldest first. @throws AppError NOT_FOUND */
export async function messagesPage(actorId: ActorId, input: z.infer<typeof messagesInput>): Promise<z.infer<typeof messagesOutput>> {
  const row = await ownChat(actorId, input.id)
  return pageOf(row.spaceId, row, input)
}
