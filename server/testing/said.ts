import { type OpenedAnswer, type Placed, type Prepared, prepareAnswer, prepareMessage, type SaidMessage } from '@/server/chats/service.ts'
import { db } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'

const put = (prepared: Prepared): Promise<Placed> => db().$transaction((tx) => prepared.put(tx))

/** Says something in a conversation, which nobody answers. */
export const addUserMessage = async (actorId: ActorId, sessionId: string, message: SaidMessage): Promise<Placed> =>
  put(await prepareMessage(actorId, sessionId, message))

/** Opens an answer that no run makes. */
export const openAnswer = async (actorId: ActorId, sessionId: string, answer: OpenedAnswer): Promise<Placed> =>
  put(await prepareAnswer(actorId, sessionId, answer))
