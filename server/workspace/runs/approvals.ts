import type { z } from 'zod'
import { titlesOf } from '@/server/chats/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { chatTopic, workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { openText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import type { Approval, decideInput } from '../schema.ts'
import { approvalContext } from './permits.ts'

/** All tool calls that wait for this person's word, the oldest first, whichever conversation they are of. */
export async function approvalsOf(actorId: ActorId): Promise<Approval[]> {
  const [rows, spaceId] = await Promise.all([data.waitingApprovals(actorId), spaceForActor(actorId)])
  const titles = await titlesOf(actorId, [...new Set(rows.map(({ sessionId }) => sessionId))])
  return Promise.all(
    rows.map(async ({ id, sessionId, runId, tool, sealed, state, askedAt, expiresAt, run }) => ({
      ...{ id, sessionId, runId, tool, title: titles.get(sessionId) ?? null, agentName: run.message.agentName },
      input: (await openText(spaceId, approvalContext(id), { sealed, plain: null })).value,
      state: state.toLowerCase() as Approval['state'],
      ...{ askedAt: askedAt.toISOString(), expiresAt: expiresAt.toISOString() },
    })),
  )
}

/**
 * A person's word on a tool call. It counts once: whoever comes second, from another tab or device, hears how it was decided.
 * @throws AppError NOT_FOUND
 */
export async function decideApproval(
  actorId: ActorId,
  { approvalId, decision }: z.infer<typeof decideInput>,
): Promise<{ state: Approval['state']; counted: boolean }> {
  const approval = await data.ownApproval(actorId, approvalId)
  if (!approval) throw new AppError('NOT_FOUND', 'There is no such request.', 'approvalId', { key: 'noApproval' })
  const now = new Date(registry('clock').now())
  const always = decision === 'always'
  const wanted = decision === 'deny' ? 'DENIED' : 'ALLOWED'
  const counted = approval.expiresAt > now && (await data.decide(approvalId, wanted, { actorId, now, always }))
  if (counted && always) await data.allowAlike(approval.runId, approval.tool, actorId, now)
  registry('hub').publish(chatTopic(approval.sessionId), { kind: 'approvals', runId: approval.runId })
  registry('hub').publish(workspaceTopic(actorId), { kind: 'approvals', sessionId: approval.sessionId })
  const after = counted ? wanted : ((await data.ownApproval(actorId, approvalId))?.state ?? 'EXPIRED')
  return { state: after.toLowerCase() as Approval['state'], counted }
}

/** For now and then: what nobody answered for a day is denied. */
export const expireOldApprovals = (): Promise<number> => data.expireApprovals(new Date(registry('clock').now()))
