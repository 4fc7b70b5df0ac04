import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import type { Node } from './rules.ts'
import type { Changes, Ended, ListWanted, MessageRow, NewAttachment, NewChat, NewMessage } from './thread/rows.ts'
import { messagesSql, usageSql } from './thread/rows.ts'

export type { MessageRow } from './thread/rows.ts'

const atWork: ('QUEUED' | 'RUNNING' | 'WAITING')[] = ['QUEUED', 'RUNNING', 'WAITING']
const columns = {
  id: true,
  ownerId: true,
  spaceId: true,
  agentId: true,
  status: true,
  titleSealed: true,
  titled: true,
  leafId: true,
  unread: true,
  pinnedAt: true,
  archivedAt: true,
  closedAt: true,
  lastActiveAt: true,
  shareHash: true,
  inputTokens: true,
  outputTokens: true,
  costMicros: true,
  createdAt: true,
  /** Those that go on. */
  runs: { where: { state: { in: atWork } }, select: { state: true } },
} as const

export async function findChat(actorId: ActorId, sessionId: string) {
  return db().chatSession.findFirst({ where: { id: sessionId, ownerId: actorId }, select: columns })
}
export type ChatRow = NonNullable<Awaited<ReturnType<typeof findChat>>>

/** Conversations of this person by their ids. */
export const findTitles = (actorId: ActorId, ids: readonly string[]) =>
  db().chatSession.findMany({ where: { ownerId: actorId, id: { in: [...ids] } }, select: { id: true, titleSealed: true } })

/** Agents' names by their ids. */
export async function agentNames(ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db().agent.findMany({ where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Keeps a conversation; the same request again changes nothing. */
export async function addChat(chat: NewChat): Promise<void> {
  await db().chatSession.createMany({ data: [chat], skipDuplicates: true })
}

/** Every message's place, oldest first. This is read at each page of a long conversation, so it is one prepared statement. */
export async function findNodes(sessionId: string): Promise<Node[]> {
  const text = 'SELECT id, "parentId" FROM "ChatMessage" WHERE "sessionId" = $1 ORDER BY "createdAt", id'
  return (await pool().query<Node>({ name: 'chats-nodes', text, values: [sessionId] })).rows
}

/** The last message of the branch that was shown last. */
export const findLeaf = async (tx: Tx, sessionId: string) =>
  (await tx.chatSession.findUnique({ where: { id: sessionId }, select: { leafId: true } }))?.leafId ?? null

/** The same as a transaction sees it. */
export const findNodesIn = (tx: Tx, sessionId: string): Promise<Node[]> =>
  tx.chatMessage.findMany({ where: { sessionId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: { id: true, parentId: true } })

/** The summaries of a conversation. */
export async function findSummaries(sessionId: string): Promise<Set<string>> {
  const rows = await db().chatMessage.findMany({ where: { sessionId, role: 'summary' }, select: { id: true } })
  return new Set(rows.map(({ id }) => id))
}

/** Messages by their ids, in any order. */
export async function findMessages(sessionId: string, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  return (await pool().query<MessageRow>({ name: 'chats-messages', text: messagesSql, values: [sessionId, ids] })).rows
}

export function findMessage(spaceId: ProjectId, messageId: string) {
  const session = { select: { id: true, ownerId: true } }
  return db().chatMessage.findFirst({ where: { id: messageId, session: { spaceId } }, select: { id: true, state: true, session } })
}

/** Adds a message as the conversation's last one; false where there is one with its id. */
export async function addMessage(tx: Tx, { sealed, ...message }: NewMessage): Promise<boolean> {
  const data = { ...message, sealed: Uint8Array.from(sealed) }
  const { count } = await tx.chatMessage.createMany({ data: [data], skipDuplicates: true })
  if (count === 0) return false
  const { sessionId: id, createdAt: lastActiveAt } = message
  await tx.chatSession.updateMany({ where: { id }, data: { leafId: message.id, lastActiveAt, status: 'ACTIVE', closedAt: null } })
  return true
}

/** Which conversation a message belongs to, and what it follows. */
export const findPlace = (tx: Tx, id: string) => tx.chatMessage.findUnique({ where: { id }, select: { sessionId: true, parentId: true } })

/** Does several writes, or none of them; many conversations may come to that at once. */
export const together = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db().$transaction(work, { maxWait: 10_000, timeout: 20_000 })

/** Ends an open message and adds what it cost to its conversation; false where it ended before. */
export async function endMessage(tx: Tx, spaceId: ProjectId, messageId: string, ended: Ended): Promise<boolean> {
  const { sealed, unread, at, model, costMicros, ...rest } = ended
  const data = { ...rest, costMicros: BigInt(costMicros), sealed: Uint8Array.from(sealed), ...(model ? { model } : {}) }
  const { count } = await tx.chatMessage.updateMany({ where: { id: messageId, state: 'open', session: { spaceId } }, data })
  if (count === 0) return false
  const added = { inputTokens: { increment: ended.inputTokens }, outputTokens: { increment: ended.outputTokens } }
  const session = { ...added, costMicros: { increment: BigInt(costMicros) }, lastActiveAt: at, ...(unread ? { unread } : {}) }
  await tx.chatSession.updateMany({ where: { spaceId, messages: { some: { id: messageId } } }, data: session })
  return true
}

/** Changes a conversation of this person; false where there is none, or `only` does not hold. */
export async function changeChat(
  actorId: ActorId,
  sessionId: string,
  data: Changes,
  only: Partial<Pick<ChatRow, 'unread'>> = {},
): Promise<boolean> {
  return (await db().chatSession.updateMany({ where: { id: sessionId, ownerId: actorId, ...only }, data })).count === 1
}

/** Names a conversation; one that a person named stays so, unless it is a person again. Gives whose it is. */
export async function nameChat(spaceId: ProjectId, sessionId: string, sealed: Buffer | null, byPerson: boolean): Promise<string | null> {
  const where = { id: sessionId, spaceId, ...(byPerson ? {} : { titled: false }) }
  const data = { titleSealed: sealed && Uint8Array.from(sealed), titled: byPerson && sealed !== null }
  const { count } = await db().chatSession.updateMany({ where, data })
  if (count === 0) return null
  return (await db().chatSession.findUnique({ where: { id: sessionId }, select: { ownerId: true } }))?.ownerId ?? null
}

export async function touchChat(sessionId: string, at: Date): Promise<void> {
  const where = { id: sessionId, status: { not: 'CLOSED' as const } }
  await db().chatSession.updateMany({ where, data: { status: 'ACTIVE', lastActiveAt: at } })
}

/** What a person has used: tokens since `from`, conversations at work besides `but`, and bytes of files. */
export async function findUsage(actorId: ActorId, from: Date, but?: string): Promise<{ tokens: number; sessions: number; bytes: number }> {
  const at = from.toISOString().replace('T', ' ').replace('Z', '')
  const { rows } = await pool().query({ name: 'chats-usage', text: usageSql, values: [actorId, at, but ?? ''] })
  return rows[0] as { tokens: number; sessions: number; bytes: number }
}

/** Keeps a file's row; the same one again changes nothing. */
export async function addAttachment(attachment: NewAttachment, tx: Tx): Promise<void> {
  await tx.chatAttachment.createMany({ data: [attachment], skipDuplicates: true })
}

/** A file of a conversation, by whose space it lies in. */
export const findAttachment = (spaceId: ProjectId, id: string) => db().chatAttachment.findFirst({ where: { id, session: { spaceId } } })

/** Files that were handed in to one conversation of a person's. */
export const findHandedIn = (actorId: ActorId, sessionId: string, ids: readonly string[]) =>
  db().chatAttachment.findMany({
    where: { id: { in: [...ids] }, sessionId, session: { ownerId: actorId } },
    select: { id: true, name: true, mediaType: true, bytes: true },
  })

/** All files that were handed in to a conversation, the oldest first. */
export const findAllHandedIn = (spaceId: ProjectId, sessionId: string) =>
  db().chatAttachment.findMany({
    where: { sessionId, session: { spaceId } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true },
  })

/** A person's conversations from the latest on; pinned ones are another list. */
export function findList(actorId: ActorId, { archived, after, limit }: ListWanted): Promise<ChatRow[]> {
  const older = after ? { OR: [{ lastActiveAt: { lt: after.at } }, { lastActiveAt: after.at, id: { lt: after.id } }] } : {}
  const where = { ownerId: actorId, pinnedAt: null, archivedAt: archived ? { not: null } : null, ...older }
  return db().chatSession.findMany({ where, orderBy: [{ lastActiveAt: 'desc' }, { id: 'desc' }], take: limit, select: columns })
}

export function findPinned(actorId: ActorId, archived: boolean, limit: number): Promise<ChatRow[]> {
  const where = { ownerId: actorId, pinnedAt: { not: null }, archivedAt: archived ? { not: null } : null }
  return db().chatSession.findMany({ where, orderBy: [{ pinnedAt: 'desc' }, { id: 'desc' }], take: limit, select: columns })
}

/** Sealed messages of a conversation from the newest on, for whoever looks for words in them. */
export const findSaid = (sessionId: string, skip: number, take: number) =>
  db().chatMessage.findMany({
    where: { sessionId, role: { not: 'summary' } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    ...{ skip, take, select: { id: true, sealed: true } },
  })

export const countUnread = (actorId: ActorId): Promise<number> =>
  db().chatSession.count({ where: { ownerId: actorId, unread: true, archivedAt: null } })

/** The conversation that a link shows. */
export const findShared = (shareHash: string) =>
  db().chatSession.findUnique({ where: { shareHash, space: { deletedAt: null } }, select: columns })

/** Every conversation of a space that is being removed. */
export const findOfSpace = (spaceId: ProjectId) => db().chatSession.findMany({ where: { spaceId }, select: { id: true, ownerId: true } })

/** Asks every answer that is being made in a conversation to stop; gives which. */
export async function stopRuns(sessionId: string, at: Date): Promise<string[]> {
  const where = { sessionId, state: { in: atWork } }
  const rows = await db().chatRun.findMany({ where, select: { id: true } })
  if (rows.length > 0) await db().chatRun.updateMany({ where: { ...where, stopAskedAt: null }, data: { stopAskedAt: at } })
  return rows.map(({ id }) => id)
}

/** What lies outside a conversation's rows: objects and streams. */
export async function findBelongings(sessionIds: readonly string[]): Promise<{ objectKeys: string[]; streamIds: string[] }> {
  const where = { sessionId: { in: [...sessionIds] } }
  const files = await db().chatAttachment.findMany({ where, select: { objectKey: true } })
  const runs = await db().chatRun.findMany({ where, select: { streamId: true } })
  return { objectKeys: files.map(({ objectKey }) => objectKey), streamIds: runs.map(({ streamId }) => streamId) }
}

/** Removes a conversation with all its rows. */
export async function deleteChat(spaceId: ProjectId, sessionId: string): Promise<boolean> {
  return (await db().chatSession.deleteMany({ where: { id: sessionId, spaceId } })).count === 1
}

/** Every conversation of a person, the oldest first. */
export const findAll = (actorId: ActorId): Promise<ChatRow[]> =>
  db().chatSession.findMany({ where: { ownerId: actorId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: columns })

type Due = 'inactive' | 'closed' | 'removed'
/** Conversations that have come to a point of their course at which nobody was heard for so long. */
export function findDue(what: Due, before: Date, limit: number) {
  const idle = { lastActiveAt: { lt: before }, runs: { none: { state: { in: atWork } } } }
  const where = {
    inactive: { status: 'ACTIVE' as const, ...idle },
    closed: { status: { not: 'CLOSED' as const }, ...idle },
    removed: { status: 'CLOSED' as const, closedAt: { lt: before }, pinnedAt: null },
  }[what]
  const select = { id: true, ownerId: true, spaceId: true } as const
  return db().chatSession.findMany({ where, orderBy: { lastActiveAt: 'asc' }, take: limit, select })
}

/** Conversations that rest, or are closed, and had traffic since `since`: their folders may lie here. */
export const findResting = (since: Date) =>
  db().chatSession.findMany({
    where: { status: { not: 'ACTIVE' }, lastActiveAt: { gt: since } },
    orderBy: { lastActiveAt: 'desc' },
    ...{ take: 2_000, select: { id: true, ownerId: true, spaceId: true } },
  })

/** Lets a conversation rest, or closes it; false where it is at work again meanwhile. */
export async function settle(sessionId: string, what: 'inactive' | 'closed', before: Date, at: Date): Promise<boolean> {
  const where = {
    id: sessionId,
    status: { not: 'CLOSED' as const },
    lastActiveAt: { lt: before },
    runs: { none: { state: { in: atWork } } },
  }
  const data = what === 'closed' ? { status: 'CLOSED' as const, closedAt: at } : { status: 'INACTIVE' as const }
  return (await db().chatSession.updateMany({ where, data })).count === 1
}

/** Tool calls that have waited for a person's word since before a moment, with whom to write to: a page of those behind another one. */
export const findWaiting = (before: Date, after: string, limit: number) =>
  db().$queryRaw<{ id: string; sessionId: string; email: string; locale: string | null; ownerId: string; seenAt: Date | null }[]>`
    SELECT a.id, a."sessionId", u.email, u.locale, a."ownerId",
      (SELECT max(s."lastSeenAt") FROM "Session" s WHERE s."userId" = a."ownerId") AS "seenAt"
    FROM "ToolApproval" a JOIN "User" u ON u.id = a."ownerId"
    WHERE a.state = 'WAITING' AND a."askedAt" < ${before} AND u."suspendedAt" IS NULL AND a.id > ${after} ORDER BY a.id LIMIT ${limit}`
