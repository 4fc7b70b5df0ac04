import { recordRun } from '@/server/agents/service.ts'
import { finishAnswer, tellOfChat } from '@/server/chats/service.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { sealText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import type { Recorder } from '../live/types.ts'
import type { RunFailure, RunStateName } from '../schema.ts'
import { RunEnd } from './types.ts'

/** What is bound to a run's failure. */
export const runContext = (id: string) => `chat-run:${id}`

/** How a run came out. */
export interface Ending {
  state: Extract<RunStateName, 'succeeded' | 'failed' | 'stopped'>
  failure?: RunFailure
  detail?: string | null
}

/** A run that is to end here, with what was said in it. */
interface Ended {
  row: data.RunRow
  node: string
  spaceId: ProjectId
  said: Pick<Recorder, 'parts' | 'usage'>
}

const states = { succeeded: 'SUCCEEDED', failed: 'FAILED', stopped: 'STOPPED' } as const
const personal: readonly RunFailure[] = ['quota', 'budget', 'closed', 'agentGone', 'paused', 'unreadable', 'suspended']

/**
 * Stores how a run came out: its answer whole, its row, what still waited in it, and what it counts for its agent, all or nothing.
 * @throws RunEnd where another process has the run by now: it is that one's to end
 */
export async function settleRun({ row, node, spaceId, said }: Ended, { state, failure, detail }: Ending): Promise<void> {
  const at = new Date(registry('clock').now())
  const { inputTokens, outputTokens, costMicros } = said.usage
  const durationMs = at.getTime() - (row.startedAt ?? row.createdAt).getTime()
  const answer = {
    ...said.usage,
    ...{ parts: [...said.parts], state: state === 'succeeded' ? ('done' as const) : state, unread: true, durationMs },
  }
  const failureSealed = (await sealText(spaceId, runContext(row.id), detail)) as Buffer<ArrayBuffer> | null
  const end = { state: states[state], inputTokens, outputTokens, costMicros, endedAt: at, failure: failure ?? null, failureSealed }
  // What only has to do with its person is no error of the agent, which others may use, too.
  const outcome = failure && personal.includes(failure) ? 'stopped' : state
  let tellAgentsOwner = () => {}
  await finishAnswer(spaceId, row.messageId, answer, async (tx) => {
    const ended = await data.endRun(tx, row.id, node, end)
    if (ended === 'lost') throw new RunEnd('lost')
    if (ended === 'before' || !row.agentId) return
    const tokens = inputTokens + outputTokens
    tellAgentsOwner = await recordRun(tx, { agentId: row.agentId, outcome, failure: failure ?? null, tokens, costMicros, at })
  })
  tellAgentsOwner()
  tellOfChat(row.ownerId, row.sessionId)
  registry('hub').publish(workspaceTopic(row.ownerId), { kind: 'ended', sessionId: row.sessionId, state })
}
