import { agentForRun } from '@/server/agents/service.ts'
import { settingsOf } from '@/server/ai/service.ts'
import type { Part } from '@/server/chats/schema.ts'
import { branchSince, checkQuota, nameChat } from '@/server/chats/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { type ActorId, actorFromEvent, actorFromId, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { directoryOf, snapshot } from '@/server/files/service.ts'
import type * as data from '../data.ts'
import { engineNamed } from '../engines/all.ts'
import { sumUp } from '../engines/compaction.ts'
import { layOut } from '../engines/handed-in.ts'
import { type EngineRun, RunStop } from '../engines/types.ts'
import { openRecorder } from '../live/recorder.ts'
import type { Recorder } from '../live/types.ts'
import { keptMessages, plainConfig, sinceSummary } from '../rules.ts'
import { isOver, type RunFailure } from '../schema.ts'
import { type Ending, settleRun } from './ending.ts'
import { makePermit } from './permits.ts'
import { RunEnd } from './types.ts'

interface Taken {
  row: data.RunRow
  node: string
  actorId: ActorId
  spaceId: ProjectId
  recorder: Recorder
  signal: AbortSignal
  onWaiting: Held['onWaiting']
}

/** Whoever answers: an agent as it was when the run began. One that was deleted, paused or put away meanwhile answers no more, and the run says so. */
async function agentOf({ row, actorId }: Taken) {
  if (!row.agentId) return { id: null, name: '', config: plainConfig }
  try {
    return await agentForRun(actorId, row.agentId, row.agentVersion)
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new RunStop(error.code === 'NOT_FOUND' ? 'agentGone' : 'paused', error.message)
  }
}

async function engineRunOf(taken: Taken): Promise<EngineRun> {
  const { row, actorId, spaceId, recorder, signal } = taken
  const agent = await agentOf(taken)
  const [branch, directory, { denyPaths }] = await Promise.all([
    branchSince(actorId, row.sessionId, row.messageId, keptMessages),
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
    isOver: () => signal.reason instanceof RunEnd && endingOf(signal.reason, row.id) !== null,
    emit: (...events) => recorder.emit(...events),
    flush: () => recorder.flush(),
    permit: makePermit({ ...taken, config }),
    async checkQuota() {
      await mustMayWork(actorId)
      await checkQuota(actorId).catch((error) => {
        throw isAppError(error) ? new RunStop('quota', error.message) : error
      })
    },
  }
}

/** A run goes on while nobody looks: whoever was suspended meanwhile, or has lost their place, has none any more. */
async function mustMayWork(actorId: ActorId): Promise<void> {
  const actor = await actorFromId(actorId)
  if (!actor?.approved || actor.suspended) throw new RunStop('suspended')
}

async function perform(taken: Taken): Promise<void> {
  await mustMayWork(taken.actorId)
  const run = await engineRunOf(taken)
  const engine = engineNamed(run.config.engine)
  if (!(await engine.state()).available) throw new RunStop('engineMissing')
  await layOut(run)
  try {
    await engine.run(run)
  } catch (error) {
    // The next message is not to end in the same way.
    if (error instanceof RunStop && error.failure === 'tooLong') await sumUp(run, true)
    throw error
  }
  await sumUp(run)
}

/** How a run came out; null where it is not over, but goes on elsewhere. */
function endingOf(error: unknown, id: string): Ending | null {
  if (error instanceof RunEnd) {
    if (error.reason === 'stopped') return { state: 'stopped' }
    return error.reason === 'closed' || error.reason === 'suspended' ? { state: 'stopped', failure: error.reason } : null
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

/** The places of calls that are under way: where a run ends, they are over, too. */
export const openCalls = (parts: readonly Part[]): number[] =>
  parts.flatMap((part, index) => (part.type === 'tool' && ['writing', 'waiting', 'running'].includes(part.state) ? index : []))

/** Writes down what the run changed in files, while whoever takes it up after a kill would do that again; it may not change how the run ends. */
const noteFiles = ({ row, spaceId }: Taken): Promise<void> =>
  snapshot(spaceId, row.sessionId, row.messageId).catch((err) => logger.warn({ err, runId: row.id }, 'the files of a run were not noted'))

/** Names the conversation, which only adds to a run that is over. It ends with this process. */
async function name({ row, actorId, signal }: Taken): Promise<void> {
  await nameChat(actorId, row.sessionId, signal).catch((err) => {
    if (!signal.aborted) logger.warn({ err, runId: row.id }, 'a conversation got no name')
  })
}

/** What whoever holds a run has to do with it. */
interface Held {
  signal: AbortSignal
  /** Hears when the run begins to wait for a person, and when it goes on. */
  onWaiting(waiting: boolean): void
}

/**
 * Sees one run through, from wherever an earlier process left it. Resolves when it is over, or when it has been let go.
 * @returns whether it is over
 */
export async function executeRun(row: data.RunRow, node: string, { signal, onWaiting }: Held): Promise<boolean> {
  const actorId = actorFromEvent({ userId: row.ownerId })
  const spaceId = await spaceForActor(actorId)
  const { id, sessionId, messageId, streamId } = row
  const recorder = await openRecorder(spaceId, { id, sessionId, messageId, streamId })
  const taken = { row, node, actorId, spaceId, recorder, signal, onWaiting }
  try {
    const ending = await outcome(taken)
    if (!ending) return false
    for (const index of openCalls(recorder.parts)) recorder.emit({ type: 'patch', index, patch: { state: 'interrupted' } })
    await Promise.all([recorder.flush(), noteFiles(taken)])
    await settleRun({ ...taken, said: recorder }, ending)
    // Whoever hears of the end finds it stored: the next message can be sent at once.
    if (!recorder.ended) recorder.emit({ type: 'state', state: ending.state, ...(ending.failure ? { failure: ending.failure } : {}) })
    await recorder.flush()
    if (ending.state === 'succeeded') await name(taken)
    return true
  } catch (error) {
    if (error instanceof RunEnd) return false
    throw error
  } finally {
    await recorder.close()
  }
}
