import { createHash, randomUUID } from 'node:crypto'
import type { AgentConfig } from '@/server/agents/schema.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { chatTopic, workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { sealText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import type { EngineRun } from '../engines/types.ts'
import type { Recorder } from '../live/types.ts'
import { approvalMs, permissionOf, waitsLightly } from '../rules.ts'

/** A decision is heard of at once; should the hint be lost, at the next of these looks. */
const lookMs = 2_000

/** What a tool call's input is bound to. */
export const approvalContext = (id: string) => `tool-approval:${id}`

/** Names that a tool can have; whatever else a model calls is none, and nobody is asked about it. */
const toolName = /^[\w-]{1,200}$/

/**
 * What a person's word is about: this call, at its place, with this input. What the model calls it is not enough: one that gives a later call
 * the name of an earlier one would have it allowed with that.
 */
const requestOf = (call: { callId: string; tool: string; input: string; index: number }): string =>
  createHash('sha256')
    .update(JSON.stringify([call.index, call.callId, call.tool, call.input]))
    .digest('hex')

interface Asking {
  row: data.RunRow
  node: string
  spaceId: ProjectId
  config: AgentConfig
  recorder: Recorder
  signal: AbortSignal
  /** Hears when the run begins to wait for a person, and when it goes on. */
  onWaiting(waiting: boolean): void
}

/** Resolves when the conversation has news, at the latest after a while. @throws the signal's reason */
async function news(sessionId: string, signal: AbortSignal): Promise<void> {
  const heard = new AbortController()
  const leave = registry('hub').subscribe(chatTopic(sessionId), ({ kind }) => kind !== 'run' && heard.abort())
  try {
    await registry('clock')
      .sleep(lookMs, AbortSignal.any([signal, heard.signal]))
      .catch(() => undefined)
    signal.throwIfAborted()
  } finally {
    leave()
  }
}

let lastAskedAt = 0
/** Requests of one moment keep the order in which the model made them. */
function askedNow(): number {
  lastAskedAt = Math.max(registry('clock').now(), lastAskedAt + 1)
  return lastAskedAt
}

interface Request {
  /** As `requestOf` names it. */
  callId: string
  tool: string
  input: string
  at: number
}

async function asked({ row, spaceId }: Asking, { callId, tool, input, at }: Request): Promise<data.ApprovalRow> {
  const found = await data.findApproval(row.id, callId)
  if (found) return found
  const id = randomUUID()
  const sealed = (await sealText(spaceId, approvalContext(id), input)) as Buffer<ArrayBuffer>
  const times = { askedAt: new Date(at), expiresAt: new Date(at + approvalMs) }
  const approval = await data.askApproval({
    id,
    runId: row.id,
    sessionId: row.sessionId,
    ownerId: row.ownerId,
    callId,
    tool,
    sealed,
    ...times,
  })
  registry('hub').publish(workspaceTopic(row.ownerId), { kind: 'approvals', sessionId: row.sessionId })
  registry('hub').publish(chatTopic(row.sessionId), { kind: 'approvals' })
  return approval
}

async function decided(asking: Asking, approval: data.ApprovalRow): Promise<data.ApprovalRow> {
  const { row, signal } = asking
  for (let at = approval; ; ) {
    if (at.state !== 'WAITING') return at
    if (at.expiresAt.getTime() <= registry('clock').now())
      await data.decide(at.id, 'EXPIRED', { actorId: null, now: new Date(registry('clock').now()), always: false })
    else await news(row.sessionId, signal)
    at = (await data.findApproval(row.id, at.callId)) ?? { ...at, state: 'EXPIRED' }
  }
}

/** Asks a person, where an agent's settings want that, and waits for the answer: of any tab, any device, once, for a day at most. */
export function makePermit(asking: Asking): EngineRun['permit'] {
  const { row, node, config, recorder } = asking
  let waiting = 0
  const wait = async (delta: 1 | -1) => {
    waiting += delta
    if (waiting > 1 || (waiting === 1 && delta === -1)) return
    const state = waiting === 1 ? 'waiting' : 'running'
    recorder.emit({ type: 'state', state })
    asking.onWaiting(state === 'waiting' && waitsLightly(config.engine))
    await data.setRunState(node, row.id, state === 'waiting' ? 'WAITING' : 'RUNNING')
    registry('hub').publish(workspaceTopic(row.ownerId), { kind: 'list', sessionId: row.sessionId })
  }
  return async ({ callId, tool, input, index }) => {
    // Before anything is waited for: calls of one turn come here one after the other.
    const at = askedNow()
    const permission = permissionOf(config, tool)
    if (permission === 'denied' || !toolName.test(tool)) return 'denied'
    if (permission === 'allowed' || (await data.allowedAlways(row.id, tool))) return null
    const approval = await asked(asking, { callId: requestOf({ callId, tool, input, index }), tool, input, at })
    recorder.emit({ type: 'patch', index, patch: { state: 'waiting', approvalId: approval.id } })
    await wait(1)
    await recorder.flush()
    const { state } = await decided(asking, approval)
    await wait(-1)
    if (state === 'ALLOWED') return null
    return state === 'EXPIRED' ? 'expired' : 'denied'
  }
}
