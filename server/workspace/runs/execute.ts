import { agentForRun, recordRun } from '@/server/agents/service.ts'
import { settingsOf } from '@/server/ai/service.ts'
import { branchOf, checkQuota, finishAnswer, nameChat, tellOfChat } from '@/server/chats/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { type ActorId, actorFromEvent, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { workspaceTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { directoryOf, snapshot } from '@/server/files/service.ts'
import { sealText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { engineNamed } from '../engines/all.ts'
import { sumUp } from '../engines/compaction.ts'
import { layOut } from '../engines/handed-in.ts'
import { type EngineRun, RunStop } from '../engines/types.ts'
import { openRecorder } from '../live/recorder.ts'
import type { Recorder } from '../live/types.ts'
import { plainConfig, sinceSummary } from '../rules.ts'
import { isOver, type RunFailure, type RunStateName } from '../schema.ts'
import { makePermit } from './permits.ts'
import { RunEnd } from './types.ts'

interface Taken {
  row: data.RunRow
  node: string
  actorId: ActorId
  spaceId: ProjectId
  recorder: Recorder
  signal: AbortSignal
}

const personal: readonly RunFailure[] = ['quota', 'budget', 'closed', 'agentGone', 'paused', 'unreadable']

/** What is bound to a run's failure. */
export const runContext = (id: string) => `chat-run:${id}`

async function agentOf({ row, actorId }: Taken) {
  if (!row.agentId) return { id: null, name: '', config: plainConfig }
  try {
    return await agentForRun(actorId, row.agentId)
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new RunStop(error.code === 'NOT_FOUND' ? 'agentGone' : 'paused', error.message)
  }
}

async function engineRunOf(taken: Taken): Promise<EngineRun> {
  const { row, actorId, spaceId, recorder, signal } = taken
  const agent = await agentOf(taken)
  const [branch, directory, { denyPaths }] = await Promise.all([
    branchOf(actorId, row.sessionId, row.messageId),
    directoryOf(spaceId, row.sessionId),
    settingsOf(spaceId),
  ])
  const config = agent.config
  return {
    ...{ runId: row.id, sessionId: row.sessionId, messageId: row.messageId, actorId, spaceId, denyPaths, directory, config, signal },
    ...{ agentId: agent.id, agentName: agent.name, history: sinceSummary(branch.filter(({ id }) => id !== row.messageId)) },
    get parts() {
      return recorder.parts
    },
    get turnsDone() {
      return recorder.turnsDone
    },
    get usage() {
      return recorder.usage
    },
    emit: (...events) => recorder.emit(...events),
    flush: () => recorder.flush(),
    permit: makePermit({ ...taken, config }),
    async checkQuota() {
      await checkQuota(actorId).catch((error) => {
        throw isAppError(error) ? new RunStop('quota', error.message) : error
      })
    },
  }
}

async function perform(taken: Taken): Promise<void> {
  const run = await engineRunOf(taken)
  const engine = engineNamed(run.config.engine)
  if (!(await engine.state()).available) throw new RunStop('engineMissing')
  await layOut(run)
  await engine.run(run)
  await sumUp(run)
}

interface Ending {
  state: Extract<RunStateName, 'succeeded' | 'failed' | 'stopped'>
  failure?: RunFailure
  detail?: string | null
}

/** How a run came out; null where it is not over, but goes on elsewhere. */
function endingOf(error: unknown, id: string): Ending | null {
  if (error instanceof RunEnd) {
    if (error.reason === 'stopped') return { state: 'stopped' }
    return error.reason === 'closed' ? { state: 'stopped', failure: 'closed' } : null
  }
  if (error instanceof RunStop) return { state: 'failed', failure: error.failure, detail: error.detail }
  logger.error({ err: error, runId: id }, 'a run failed')
  return { state: 'failed', failure: 'internal' }
}

/** Runs whatever of a run is still to be done, and gives how it came out. */
async function outcome(taken: Taken): Promise<Ending | null> {
  const { row, recorder, signal } = taken
  if (recorder.ended && isOver(recorder.ended.state)) {
    const { state, failure } = recorder.ended
    return { state: state as Ending['state'], ...(failure ? { failure: failure as RunFailure } : {}) }
  }
  if (row.stopAskedAt) return { state: 'stopped' }
  try {
    recorder.emit({ type: 'state', state: 'running' })
    await perform(taken)
    return { state: 'succeeded' }
  } catch (error) {
    return endingOf(signal.aborted ? signal.reason : error, row.id)
  }
}

/** Calls that were under way when a run ended are over, too. */
function settleCalls(recorder: Recorder): void {
  for (const [index, part] of recorder.parts.entries())
    if (part.type === 'tool' && ['writing', 'waiting', 'running'].includes(part.state))
      recorder.emit({ type: 'patch', index, patch: { state: 'interrupted' } })
}

/** Stores how a run came out: its answer whole, and its row, both or neither. */
async function settle({ row, spaceId, recorder }: Taken, { state, failure, detail }: Ending): Promise<void> {
  const now = new Date(registry('clock').now())
  const { inputTokens, outputTokens, cacheTokens, contextTokens, costMicros } = recorder.usage
  const durationMs = now.getTime() - (row.startedAt ?? row.createdAt).getTime()
  const usage = { inputTokens, outputTokens, cacheTokens, contextTokens, costMicros, durationMs }
  const answer = { parts: [...recorder.parts], state: state === 'succeeded' ? ('done' as const) : state, unread: true, ...usage }
  const failureSealed = (await sealText(spaceId, runContext(row.id), detail)) as Buffer<ArrayBuffer> | null
  const states = { succeeded: 'SUCCEEDED', failed: 'FAILED', stopped: 'STOPPED' } as const
  const end = { state: states[state], inputTokens, outputTokens, costMicros, endedAt: now, failure: failure ?? null, failureSealed }
  let first = false
  await finishAnswer(spaceId, row.messageId, answer, async (tx) => {
    first = await data.endRun(row.id, null, end, tx)
  })
  await data.expireOf(row.id, now)
  const tokens = inputTokens + outputTokens
  // What only has to do with its person is no error of the agent, which others may use, too.
  const outcome = failure && personal.includes(failure) ? 'stopped' : state
  if (first && row.agentId) await recordRun({ agentId: row.agentId, outcome, failure: failure ?? null, tokens, costMicros, at: now })
  tellOfChat(row.ownerId, row.sessionId)
  registry('hub').publish(workspaceTopic(row.ownerId), { kind: 'ended', sessionId: row.sessionId, state })
}

/** What only adds to a run that is over: none of it may change how it ended. */
async function afterwards({ row, actorId }: Taken, { state }: Ending): Promise<void> {
  if (state === 'succeeded')
    await nameChat(actorId, row.sessionId).catch((err) => logger.warn({ err, runId: row.id }, 'a conversation got no name'))
  await snapshot(row.sessionId, row.messageId).catch((err) => logger.warn({ err, runId: row.id }, 'the files of a run were not noted'))
}

/**
 * Sees one run through, from wherever an earlier process left it. Resolves when it is over, or when it has been let go.
 * @returns whether it is over
 */
export async function executeRun(row: data.RunRow, node: string, signal: AbortSignal): Promise<boolean> {
  const actorId = actorFromEvent({ userId: row.ownerId })
  const spaceId = await spaceForActor(actorId)
  const { id, sessionId, messageId, streamId } = row
  const recorder = await openRecorder(spaceId, { id, sessionId, messageId, streamId })
  const taken = { row, node, actorId, spaceId, recorder, signal }
  try {
    const ending = await outcome(taken)
    if (!ending) return false
    settleCalls(recorder)
    await recorder.flush()
    await settle(taken, ending)
    // Whoever hears of the end finds it stored: the next message can be sent at once.
    if (!recorder.ended) recorder.emit({ type: 'state', state: ending.state, ...(ending.failure ? { failure: ending.failure } : {}) })
    await recorder.flush()
    await afterwards(taken, ending)
    return true
  } finally {
    await recorder.close()
  }
}
