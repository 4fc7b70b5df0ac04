import { createHash, randomBytes } from 'node:crypto'
import { hideSecrets } from '@/server/ai/service.ts'
import { baseUrl } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, actorFromEvent, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import type { ChatMessage, Part } from '../schema.ts'
import { ownChat, pageOf } from '../thread/reading.ts'
import { openTitle } from '../thread/views.ts'
import { tellOfChat } from '../thread/writing.ts'
import { keptUntil } from '../upkeep/types.ts'
import type { SharedPage } from './types.ts'

const pageMessages = 100
const hashOf = (secret: string) => createHash('sha256').update(`chat-share ${secret}`).digest('hex')

/** Makes a link that shows a conversation to whoever has it; the one before shows nothing any more. @throws AppError NOT_FOUND */
export async function shareChat(actorId: ActorId, sessionId: string): Promise<{ secret: string; url: string }> {
  await ownChat(actorId, sessionId)
  const secret = randomBytes(32).toString('base64url')
  await data.changeChat(actorId, sessionId, { shareHash: hashOf(secret), sharedAt: new Date(registry('clock').now()) })
  tellOfChat(actorId, sessionId, 'session')
  return { secret, url: `${baseUrl()}/shared/${secret}` }
}

/** From now on no link shows the conversation. @throws AppError NOT_FOUND */
export async function unshareChat(actorId: ActorId, sessionId: string): Promise<void> {
  await ownChat(actorId, sessionId)
  await data.changeChat(actorId, sessionId, { shareHash: null, sharedAt: null })
  tellOfChat(actorId, sessionId, 'session')
}

/** What others see of a part: what was said, and which tools were used with what they gave; neither thinking nor what tools were told. */
function shownPart(part: Part): Part[] {
  if (part.type === 'text') return [part]
  if (part.type === 'tool') {
    const { type, turn, callId, tool, output, state, durationMs } = part
    return [{ type, turn, callId, tool, input: '', output, state, ...(durationMs === undefined ? {} : { durationMs }) }]
  }
  // What lies behind it is its owner's alone: the name says that there was something.
  if (part.type === 'file') return [{ ...part, attachmentId: '' }]
  return []
}

const uncounted = { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0 }
/** A message for others: without what it cost, and without whose agent it was. */
const shownMessage = (message: ChatMessage): ChatMessage => ({
  ...{ ...message, ...uncounted, agentId: null, runId: null, failure: null, siblings: [message.id] },
  parts: message.parts?.flatMap(shownPart) ?? null,
})

/** Takes secrets out of what tools gave, all of a page at once. */
async function withoutSecrets(spaceId: ProjectId, messages: ChatMessage[]): Promise<ChatMessage[]> {
  const tools = messages.flatMap(({ parts }) => parts?.flatMap((part) => (part.type === 'tool' && part.output ? part : [])) ?? [])
  if (tools.length === 0) return messages
  const outputs = await hideSecrets(
    spaceId,
    tools.map(({ output }) => output),
  )
  const hidden = new Map<Part, string>(tools.map((part, at) => [part, outputs[at] ?? '']))
  const shown = (part: Part): Part => (part.type === 'tool' && hidden.has(part) ? { ...part, output: hidden.get(part) ?? '' } : part)
  return messages.map((message) => ({ ...message, parts: message.parts?.map(shown) ?? null }))
}

/**
 * The branch that a shared conversation shows now, the last messages before one of them.
 * @throws AppError NOT_FOUND where the link shows nothing, or nothing any more
 */
export async function sharedPage(secret: string, before?: string): Promise<SharedPage> {
  const row = await data.findShared(hashOf(secret))
  if (!row) throw new AppError('NOT_FOUND', 'This link shows nothing, or nothing any more.', undefined, { key: 'noShare' })
  const spaceId = await spaceForActor(actorFromEvent({ userId: row.ownerId }))
  const page = await pageOf(spaceId, row, { limit: pageMessages, ...(before ? { before } : {}) })
  const said = page.items.filter(({ role }) => role !== 'summary')
  const items = await withoutSecrets(spaceId, said.map(shownMessage))
  return { ...page, items, until: keptUntil(row), title: await openTitle(spaceId, row.id, row.titleSealed) }
}
