import type { z } from 'zod'
import { getAgent } from '@/server/agents/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { checkQuota } from './quota/quota.ts'
import { derivedId } from './rules.ts'
import type { Chat, createChatInput } from './schema.ts'
import { chatFor } from './thread/reading.ts'

export { attachmentBytes, attachmentContext, filePartsOf, handedInTo, handIn, ownAttachment } from './attachments/store.ts'
export { conversationsOf, exportChat } from './history/export.ts'
export { listChats } from './history/list.ts'
export { archiveChat, closeChat, deleteChat, pinChat, removeChatsOf, renameChat, reopenChat, unreadCount } from './history/manage.ts'
export { nameChat } from './history/title.ts'
export { checkQuota, quotaOf } from './quota/quota.ts'
export { derivedId } from './rules.ts'
export { shareChat, sharedPage, unshareChat } from './sharing/share.ts'
export { branchOf, branchSince, chatFor, messagesPage, titlesOf } from './thread/reading.ts'
export type { OpenedAnswer, Placed, SaidMessage } from './thread/types.ts'
export { messageContext, titleContext } from './thread/views.ts'
export type { Prepared } from './thread/writing.ts'
export {
  addSummary,
  finishAnswer,
  markRead,
  prepareAnswer,
  prepareMessage,
  selectBranch,
  tellOfChat,
  touch,
} from './thread/writing.ts'
export { sweepChats } from './upkeep/course.ts'
export { sweepWaitingApprovals } from './upkeep/letters.ts'

/**
 * Begins a conversation, once for its request.
 * @throws AppError NOT_FOUND (an agent that this person may not use), TOO_MANY_REQUESTS
 */
export async function createChat(actorId: ActorId, { requestId, agentId }: z.infer<typeof createChatInput>): Promise<Chat> {
  // Another person's request with the same id is another request.
  const id = derivedId('chat', actorId, requestId)
  const spaceId = await spaceForActor(actorId)
  if (await data.findChat(actorId, id)) return chatFor(actorId, id)
  const agent = agentId ? await getAgent(actorId, agentId) : null
  if (agent?.archived) {
    const archived = { key: 'agentArchived', values: { name: agent.name } }
    throw new AppError('CONFLICT', `${agent.name} is archived: take it out of the archive first.`, 'agentId', archived)
  }
  await checkQuota(actorId, undefined, ['sessions'])
  const at = new Date(registry('clock').now())
  await data.addChat({ id, ownerId: actorId, spaceId, requestId: id, agentId, lastActiveAt: at, createdAt: at })
  registry('hub').publish(workspaceTopic(actorId), { kind: 'list', sessionId: id })
  return chatFor(actorId, id)
}
