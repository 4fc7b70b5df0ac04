import { z } from 'zod'
import type { ProjectId } from '@/server/core/gates.ts'
import { openJson, openText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { type Chat, type ChatMessage, partSchema } from '../schema.ts'

const partsSchema = z.array(partSchema)
export const titleContext = (sessionId: string) => `chat-title:${sessionId}`
export const messageContext = (messageId: string) => `chat-message:${messageId}`

/** A conversation's title; null where it has none, or no key opens it. */
export const openTitle = async (spaceId: ProjectId, sessionId: string, sealed: Uint8Array | null): Promise<string | null> =>
  (await openText(spaceId, titleContext(sessionId), { sealed, plain: null })).value

/** A conversation as its owner sees it. */
export async function viewOf(spaceId: ProjectId, row: data.ChatRow, agentName: string | null): Promise<Chat> {
  const stored = { sealed: row.titleSealed, plain: null }
  const { value, unreadable } = await openText(spaceId, titleContext(row.id), stored)
  const activity = row.runs.some(({ state }) => state === 'WAITING') ? 'waiting' : row.runs.length > 0 ? 'running' : 'none'
  return {
    id: row.id,
    title: value,
    unreadable,
    status: row.status.toLowerCase() as Chat['status'],
    agentId: row.agentId,
    agentName,
    unread: row.unread,
    pinned: row.pinnedAt !== null,
    archived: row.archivedAt !== null,
    shared: row.shareHash !== null,
    activity,
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    costMicros: Number(row.costMicros),
    lastActiveAt: row.lastActiveAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  }
}

/** Conversations as their owner sees them. */
export async function viewsOf(spaceId: ProjectId, rows: data.ChatRow[]): Promise<Chat[]> {
  const names = await data.agentNames(rows.flatMap(({ agentId }) => agentId ?? []))
  return Promise.all(rows.map((row) => viewOf(spaceId, row, names.get(row.agentId ?? '') ?? null)))
}

/** A message's parts; null where no key opens them, or they are none that we know. */
export async function partsOf(spaceId: ProjectId, { id, sealed }: { id: string; sealed: Uint8Array }): Promise<ChatMessage['parts']> {
  const { value } = await openJson(spaceId, messageContext(id), { sealed, plain: null })
  return partsSchema.safeParse(value).data ?? null
}

const isOver = (state: string | null) => state === null || ['SUCCEEDED', 'FAILED', 'STOPPED'].includes(state)

/** A message, opened, with the others that follow the same one. */
export async function messageOf(spaceId: ProjectId, row: data.MessageRow, siblings: string[]): Promise<ChatMessage> {
  const { sealed: _, runId, runState, failure, ...rest } = row
  return {
    ...rest,
    role: row.role as ChatMessage['role'],
    state: row.state as ChatMessage['state'],
    parts: await partsOf(spaceId, row),
    runId: isOver(runState) ? null : runId,
    failure: row.state === 'failed' ? failure : null,
    siblings,
  }
}
