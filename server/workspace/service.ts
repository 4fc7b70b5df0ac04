import type { z } from 'zod'
import { agentForRun } from '@/server/agents/service.ts'
import { isDemoModel } from '@/server/ai/service.ts'
import {
  branchOf,
  chatFor,
  checkQuota,
  derivedId,
  filePartsOf,
  type Prepared,
  prepareAnswer,
  prepareMessage,
  tellOfChat,
  touch,
} from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { chatTopic, runsTopic } from '@/server/core/hub.ts'
import { registered, registry } from '@/server/core/registry.ts'
import { createStream } from '@/server/streams/service.ts'
import * as data from './data.ts'
import { readEvents } from './live/stored.ts'
import { placesOf, plainConfig, runsPerPerson, waitingPerPerson } from './rules.ts'
import {
  type eventsInput,
  type eventsOutput,
  isOver,
  type RunEvent,
  type regenerateInput,
  type sendInput,
  type startedOutput,
} from './schema.ts'

export { sweepGateways } from './claude-code/gateway.ts'
export { engineInstall, installEngine } from './claude-code/offer.ts'
export { engineStates } from './engines/all.ts'
export { approvalsOf, decideApproval, expireOldApprovals } from './runs/approvals.ts'
export { runContext } from './runs/ending.ts'
export { approvalContext } from './runs/permits.ts'
export { startRunner } from './runs/runner.ts'
export { removeOldStreams } from './runs/upkeep.ts'

type Started = z.infer<typeof startedOutput>

const answering = () =>
  new AppError('CONFLICT', 'An answer is still being made here. Stop it, or wait for its end.', undefined, { key: 'stillAnswering' })

const closed = () => new AppError('CONFLICT', 'This conversation is closed. Open it again to go on.', undefined, { key: 'chatClosed' })
const gone = () => new AppError('NOT_FOUND', 'There is no such conversation.', 'sessionId', { key: 'noChat' })

/** Who is to answer. @throws AppError NOT_FOUND, or CONFLICT where it is paused */
async function answererOf(actorId: ActorId, agentId: string | null) {
  if (!agentId) return { id: null, name: null, version: null, config: plainConfig }
  return agentForRun(actorId, agentId)
}

async function checkRoom(actorId: ActorId, sessionId: string): Promise<void> {
  // One that rests comes back to work with this.
  await checkQuota(actorId, sessionId, ['tokens', 'sessions'])
  const { working, waiting } = placesOf(await data.countOpenRuns(actorId))
  const refusal = (message: string, key: string, most: number) =>
    new AppError('TOO_MANY_REQUESTS', message, undefined, { key, values: { most } })
  if (working >= runsPerPerson) throw refusal(`${runsPerPerson} answers are being made for you at once.`, 'tooManyRuns', runsPerPerson)
  const words = `${waitingPerPerson} answers wait for your word. Allow or deny what some of them ask first, or stop them.`
  if (waiting >= waitingPerPerson) throw refusal(words, 'tooManyWaiting', waitingPerPerson)
}

interface Begin {
  actorId: ActorId
  sessionId: string
  requestId: string
  agentId: string | null
  /** What is said, where that is not said yet. */
  message: Prepared | null
  /** What is answered. */
  messageId: string
}

/** Writes what is said, the answer that is to come, and its run, all or nothing, and has the run taken up. */
async function begin({ actorId, sessionId, requestId, agentId, message, messageId }: Begin): Promise<Started> {
  const agent = await answererOf(actorId, agentId)
  const { model, engine } = agent.config
  const [answerId, runId] = [derivedId('answer', actorId, requestId), derivedId('run', actorId, requestId)]
  const opened = { id: answerId, parentId: messageId, agentId: agent.id, agentName: agent.name, model, demo: isDemoModel() }
  const spaceId = await spaceForActor(actorId)
  const answer = await prepareAnswer(actorId, sessionId, opened)
  const who = { ownerId: actorId, agentId: agent.id, agentVersion: agent.version, engine }
  const createdAt = new Date(registry('clock').now())
  // Nothing in here asks over another connection: of those there are few, and as many may be waiting here.
  await data.together(async (tx) => {
    const status = await data.lockSession(tx, sessionId)
    // The same request came twice at once: the other one has done it.
    if (await data.isBegun(tx, runId)) return
    // What was looked at before may have changed meanwhile.
    if (status === null || status === 'CLOSED') throw status === null ? gone() : closed()
    if (await data.openRunOf(tx, sessionId)) throw answering()
    await message?.put(tx)
    await answer.put(tx)
    const streamId = await createStream(spaceId, 'chat', tx)
    await data.insertRun(tx, { id: runId, sessionId, messageId: answerId, requestId: runId, streamId, createdAt, ...who })
  })
  await touch(sessionId)
  tellOfChat(actorId, sessionId)
  registry('hub').publish(runsTopic, { runId })
  return { messageId, answerId, runId }
}

/** What an earlier sending of the same request began. */
async function begunBefore(actorId: ActorId, requestId: string): Promise<Started | null> {
  const run = await data.findByRequest(actorId, derivedId('run', actorId, requestId))
  return run && { messageId: run.message.parentId ?? '', answerId: run.messageId, runId: run.id }
}

/**
 * Says something in a conversation and has it answered, once for its request.
 * @throws AppError NOT_FOUND, CONFLICT (closed, an answer under way, a paused agent), TOO_MANY_REQUESTS, BAD_REQUEST (nothing was said)
 */
export async function send(actorId: ActorId, input: z.infer<typeof sendInput>): Promise<Started> {
  const { sessionId, requestId, text, attachmentIds, parentId } = input
  const id = derivedId('message', actorId, requestId)
  const before = await begunBefore(actorId, requestId)
  if (before) return before
  if (!text && attachmentIds.length === 0) throw new AppError('BAD_REQUEST', 'Write something first.', 'text', { key: 'nothingSaid' })
  const chat = await chatFor(actorId, sessionId)
  await checkRoom(actorId, sessionId)
  const files = await filePartsOf(actorId, sessionId, attachmentIds)
  const parts = [...files, ...(text ? [{ type: 'text' as const, turn: 0, text }] : [])]
  const message = await prepareMessage(actorId, sessionId, { id, parts, ...(parentId === undefined ? {} : { parentId }) })
  return begin({ actorId, sessionId, requestId, agentId: input.agentId ?? chat.agentId, message, messageId: id })
}

/**
 * Answers a message once more, beside the answers there are: `messageId` is the answer, or the message that is to be answered.
 * @throws AppError as `send`
 */
export async function regenerate(actorId: ActorId, { sessionId, requestId, messageId }: z.infer<typeof regenerateInput>): Promise<Started> {
  const before = await begunBefore(actorId, requestId)
  if (before) return before
  const [chat, branch] = await Promise.all([chatFor(actorId, sessionId), branchOf(actorId, sessionId, messageId)])
  await checkRoom(actorId, sessionId)
  const message = branch.at(-1)
  const answered = message?.role === 'user' ? message : branch.findLast(({ role }) => role === 'user')
  if (!answered) throw new AppError('CONFLICT', 'There is nothing to answer.', 'messageId', { key: 'nothingToAnswer' })
  const agentId = message?.role === 'assistant' ? message.agentId : chat.agentId
  return begin({ actorId, sessionId, requestId, agentId, message: null, messageId: answered.id })
}

/** Ends an answer that is being made; one that is over stays as it is. @throws AppError NOT_FOUND */
export async function stopRun(actorId: ActorId, { sessionId, runId }: { sessionId: string; runId: string }): Promise<void> {
  const now = new Date(registry('clock').now())
  if (await data.askToStop(actorId, sessionId, runId, now)) registry('hub').publish(chatTopic(sessionId), { kind: 'stop', runId })
  else if (!(await data.findRun(actorId, sessionId, runId))) throw noRun()
}

const noRun = () => new AppError('NOT_FOUND', 'There is no such answer in this conversation.', 'runId', { key: 'noRun' })
const pageEvents = 5_000

/**
 * Events of a run after one of them: from the process that makes it, where that is this one, else from its stream. Of a run that is over
 * the message has everything.
 * @throws AppError NOT_FOUND
 */
export async function eventsOf(actorId: ActorId, input: z.infer<typeof eventsInput>): Promise<z.infer<typeof eventsOutput>> {
  const { sessionId, runId, after } = input
  const run = await data.findRun(actorId, sessionId, runId)
  if (!run) throw noRun()
  const here = registered('live')?.source(runId)?.after(after)
  if (here) return { from: here.from, events: here.events as RunEvent[], over: false }
  const over = isOver(run.state.toLowerCase() as Parameters<typeof isOver>[0])
  if (run.streamId === '') return { from: after + 1, events: [], over }
  return { ...(await readEvents(await spaceForActor(actorId), run.streamId, after, pageEvents)), over }
}
