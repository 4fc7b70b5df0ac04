import { isDemoModel } from '@/server/ai/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { chatTopic, workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { sealJson, sealText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { newestLeaf } from '../rules.ts'
import { chatLimits, type Part } from '../schema.ts'
import { noMessage, ownChat, shownLeaf } from './reading.ts'
import type { NewMessage } from './rows.ts'
import type { FinishedAnswer, OpenedAnswer, Placed, SaidMessage, Summary } from './types.ts'
import { messageContext, titleContext } from './views.ts'

const now = () => new Date(registry('clock').now())

/** Says that something of a conversation changed: to whoever looks at it, and to its owner's list. */
export function tellOfChat(ownerId: string, sessionId: string, kind: 'messages' | 'session' | 'files' = 'messages'): void {
  const hub = registry('hub')
  hub.publish(chatTopic(sessionId), { kind })
  hub.publish(workspaceTopic(ownerId), { kind: 'list', sessionId })
}

/** An empty list is sealed too: that something is there is not told either. */
async function sealParts(spaceId: ProjectId, messageId: string, parts: Part[]): Promise<Buffer> {
  const sealed = await sealJson(spaceId, messageContext(messageId), parts)
  if (!sealed) throw new Error('parts were not sealed')
  return sealed
}

interface Added extends Pick<NewMessage, 'id' | 'role' | 'agentId' | 'agentName' | 'model' | 'demo' | 'state'> {
  parentId: string | null | undefined
  parts: Part[]
}

/** A message that is allowed and sealed, and only has to be written: all that needs another connection was done before. */
export interface Prepared {
  id: string
  put(tx: Tx): Promise<Placed>
}

async function prepare(actorId: ActorId, sessionId: string, { parts, parentId: wanted, ...message }: Added): Promise<Prepared> {
  const row = await ownChat(actorId, sessionId)
  const sealed = await sealParts(row.spaceId, message.id, parts)
  const put = async (tx: Tx): Promise<Placed> => {
    const known = await data.findPlace(tx, message.id)
    if (known && known.sessionId !== sessionId) throw noMessage()
    if (known) return { id: message.id, parentId: known.parentId, created: false }
    if (row.status === 'CLOSED')
      throw new AppError('CONFLICT', 'This conversation is closed. Open it again to go on.', undefined, { key: 'chatClosed' })
    const parentId = wanted === undefined ? shownLeaf(await data.findNodesIn(tx, sessionId), await data.findLeaf(tx, sessionId)) : wanted
    if (parentId !== null && (await data.findPlace(tx, parentId))?.sessionId !== sessionId) throw noMessage()
    const created = await data.addMessage(tx, { ...message, sessionId, parentId, sealed, createdAt: now() })
    return { id: message.id, parentId, created }
  }
  return { id: message.id, put }
}

/** Adds a message; where it stands already, that is told and nothing changed. */
async function add(actorId: ActorId, sessionId: string, added: Added): Promise<Placed> {
  const { put } = await prepare(actorId, sessionId, added)
  const placed = await data.together(put)
  if (placed.created) tellOfChat(actorId, sessionId)
  return placed
}

const said = ({ id, parentId, parts }: SaidMessage): Added => {
  const none = { agentId: null, agentName: null, model: null, demo: false }
  return { id, parentId, parts, role: 'user', state: 'done', ...none }
}
const opened = (answer: OpenedAnswer): Added => ({ demo: false, ...answer, parts: [], role: 'assistant', state: 'open' })

/**
 * What a person says, to be the shown branch's last message, once for its id; for a transaction of the caller's, in which nothing else is
 * asked. Nobody is told: `tellOfChat` afterwards.
 * @throws AppError NOT_FOUND (the conversation, or, from `put`, the message that it follows), CONFLICT where the conversation is closed
 */
export const prepareMessage = (actorId: ActorId, sessionId: string, message: SaidMessage): Promise<Prepared> =>
  prepare(actorId, sessionId, said(message))

/** An answer, empty, to be the shown branch's last message, once for its id. @throws AppError as `prepareMessage` */
export const prepareAnswer = (actorId: ActorId, sessionId: string, answer: OpenedAnswer): Promise<Prepared> =>
  prepare(actorId, sessionId, opened(answer))

/** Adds a summary of everything before it. Once for its id. @throws AppError as `prepareMessage` */
export const addSummary = (actorId: ActorId, sessionId: string, { agentName = null, model = null, ...summary }: Summary): Promise<Placed> =>
  add(actorId, sessionId, { ...summary, agentId: null, agentName, model, demo: isDemoModel(), role: 'summary', state: 'done' })

/**
 * Ends an answer and adds what it cost to its conversation, once; false where it had ended. `also` is done in the same transaction, whether or
 * not it had.
 */
export async function finishAnswer(
  spaceId: ProjectId,
  messageId: string,
  answer: FinishedAnswer,
  also: (tx: Tx) => Promise<unknown> = async () => undefined,
): Promise<boolean> {
  const { parts, state, model = null, unread = false, ...spent } = answer
  const none = { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0, durationMs: 0 }
  const sealed = await sealParts(spaceId, messageId, parts)
  const ended = { ...none, ...spent, sealed, state, model, unread, at: now() }
  const done = await data.together(async (tx) => {
    const first = await data.endMessage(tx, spaceId, messageId, ended)
    await also(tx)
    return first
  })
  const message = done ? await data.findMessage(spaceId, messageId) : null
  if (message) tellOfChat(message.session.ownerId, message.session.id)
  return done
}

/** Shows the branch that has this message, down to the newest one below it. Gives its last message. @throws AppError NOT_FOUND */
export async function selectBranch(actorId: ActorId, sessionId: string, messageId: string): Promise<string> {
  await ownChat(actorId, sessionId)
  const nodes = await data.findNodes(sessionId)
  if (!nodes.some(({ id }) => id === messageId)) throw noMessage()
  const leafId = newestLeaf(nodes, messageId) ?? messageId
  await data.changeChat(actorId, sessionId, { leafId })
  tellOfChat(actorId, sessionId)
  return leafId
}

/** Names a conversation. What a person chose stays, whatever a model says later; an empty title takes it back. */
export async function setTitle(spaceId: ProjectId, sessionId: string, title: string, byPerson: boolean): Promise<void> {
  const text = title.replace(/\s+/g, ' ').trim().slice(0, chatLimits.title)
  const sealed = await sealText(spaceId, titleContext(sessionId), text || null)
  const ownerId = await data.nameChat(spaceId, sessionId, sealed, byPerson)
  if (ownerId) tellOfChat(ownerId, sessionId, 'session')
}

/** Something happened in a conversation: it is at work for another while. One that is closed stays closed. */
export const touch = (sessionId: string): Promise<void> => data.touchChat(sessionId, now())

/** The person has seen what is new. */
export async function markRead(actorId: ActorId, sessionId: string): Promise<void> {
  await ownChat(actorId, sessionId)
  if (await data.changeChat(actorId, sessionId, { unread: false }, { unread: true })) tellOfChat(actorId, sessionId, 'session')
}
