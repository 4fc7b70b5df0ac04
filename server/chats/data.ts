import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import type { Node } from './rules.ts'

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

export interface NewChat {
  id: string
  ownerId: ActorId
  spaceId: ProjectId
  requestId: string
  agentId: string | null
  lastActiveAt: Date
  createdAt: Date
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

/** The same as a transaction sees it. */
export const findNodesIn = (tx: Tx, sessionId: string): Promise<Node[]> =>
  tx.chatMessage.findMany({ where: { sessionId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: { id: true, parentId: true } })

export interface MessageRow {
  id: string
  parentId: string | null
  role: string
  sealed: Buffer
  agentId: string | null
  agentName: string | null
  model: string | null
  state: string
  inputTokens: number
  outputTokens: number
  cacheTokens: number
  contextTokens: number
  costMicros: number
  durationMs: number
  createdAt: string
  runId: string | null
  runState: string | null
  failure: string | null
}
const messagesSql = `SELECT m.id, m."parentId", m.role, m.sealed, m."agentId", m."agentName", m.model, m.state, m."inputTokens", m."outputTokens",
    m."cacheTokens", m."contextTokens", m."costMicros"::float8 AS "costMicros", m."durationMs",
    to_char(m."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt", r.id AS "runId", r.state::text AS "runState", r.failure
  FROM "ChatMessage" m LEFT JOIN "ChatRun" r ON r."messageId" = m.id WHERE m."sessionId" = $1 AND m.id = ANY($2::text[])`

/** Messages by their ids, in any order. */
export async function findMessages(sessionId: string, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  return (await pool().query<MessageRow>({ name: 'chats-messages', text: messagesSql, values: [sessionId, ids] })).rows
}

export function findMessage(spaceId: ProjectId, messageId: string) {
  const session = { select: { id: true, ownerId: true } }
  return db().chatMessage.findFirst({ where: { id: messageId, session: { spaceId } }, select: { id: true, state: true, session } })
}

export interface NewMessage {
  id: string
  sessionId: string
  parentId: string | null
  role: 'user' | 'assistant' | 'summary'
  sealed: Buffer
  agentId: string | null
  agentName: string | null
  model: string | null
  state: 'open' | 'done'
  createdAt: Date
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

/** The client, or the transaction that this is a part of. */
export const inside = (tx?: Tx): Tx => tx ?? db()
export const together = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db().$transaction(work)

/** Replaces an open message's parts; false where it is open no more. */
export async function saveParts(spaceId: ProjectId, messageId: string, sealed: Buffer): Promise<boolean> {
  const where = { id: messageId, state: 'open', session: { spaceId } }
  return (await db().chatMessage.updateMany({ where, data: { sealed: Uint8Array.from(sealed) } })).count === 1
}

export interface Spent {
  inputTokens: number
  outputTokens: number
  cacheTokens: number
  contextTokens: number
  costMicros: number
  durationMs: number
}
export interface Ended extends Spent {
  sealed: Buffer
  state: 'done' | 'stopped' | 'failed'
  model: string | null
  unread: boolean
  at: Date
}

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

interface Changes {
  leafId?: string | null
  titleSealed?: Uint8Array<ArrayBuffer> | null
  titled?: boolean
  unread?: boolean
  pinnedAt?: Date | null
  archivedAt?: Date | null
  closedAt?: Date | null
  status?: 'ACTIVE' | 'INACTIVE' | 'CLOSED'
  shareHash?: string | null
  sharedAt?: Date | null
  lastActiveAt?: Date
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
  const text = `SELECT
    (SELECT coalesce(sum("inputTokens" + "outputTokens" + "cacheWriteTokens"), 0)::float8 FROM "ModelCall"
      WHERE "actorId" = $1 AND "sessionId" IS NOT NULL AND "startedAt" >= $2::timestamp) AS tokens,
    (SELECT count(*)::int FROM "ChatSession" WHERE "ownerId" = $1 AND status = 'ACTIVE' AND id <> $3) AS sessions,
    (SELECT coalesce(sum("filesBytes"), 0)::float8 FROM "ChatSession" WHERE "ownerId" = $1) +
    (SELECT coalesce(sum(a.bytes), 0)::float8 FROM "ChatAttachment" a JOIN "ChatSession" c ON c.id = a."sessionId" WHERE c."ownerId" = $1) AS bytes`
  const at = from.toISOString().replace('T', ' ').replace('Z', '')
  const { rows } = await pool().query({ name: 'chats-usage', text, values: [actorId, at, but ?? ''] })
  return rows[0] as { tokens: number; sessions: number; bytes: number }
}

export interface NewAttachment {
  id: string
  sessionId: string
  name: string
  mediaType: string
  bytes: number
  sha256: string
  objectKey: string
  keyId: string | null
  createdAt: Date
}

/** Keeps a file's row; the same one again changes nothing. */
export async function addAttachment(attachment: NewAttachment): Promise<void> {
  await db().chatAttachment.createMany({ data: [attachment], skipDuplicates: true })
}

/** A file of a conversation, by whose space it lies in. */
export const findAttachment = (spaceId: ProjectId, id: string) => db().chatAttachment.findFirst({ where: { id, session: { spaceId } } })

/** Files that were handed in to one conversation of a person's. */
export const findHandedIn = (actorId: ActorId, sessionId: string, ids: readonly string[]) =>
  db().chatAttachment.findMany({
    where: { id: { in: [...ids] }, sessionId, session: { ownerId: actorId } },
    select: { id: true, name: true, mediaType: true, bytes: true },
  })
