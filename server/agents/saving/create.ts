import { randomUUID } from 'node:crypto'
import { alsoAudited } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ActorId } from '@/server/core/gates.ts'
import type { AgentStatus } from '@/server/core/generated/prisma/enums.ts'
import * as data from '../data.ts'
import { type Snapshot, snapshotOf } from '../rules.ts'
import { type Agent, type AgentDraft, agentLimits } from '../schema.ts'
import { checkConfig, completed, sharedProject } from './checks.ts'
import { agentOf, ownAgent, tellOwner, usableAgent } from './find.ts'
import { now, openConfig } from './types.ts'
import { storable } from './write.ts'

/** Writes down that an agent is shared with others from now on, or no longer. */
export const noteSharing = (tx: Tx, act: Act, id: string, from: string, { name, sharing, service }: Snapshot): Promise<void> =>
  alsoAudited(tx, act, {
    action: 'agent.sharing-changed',
    target: { type: 'agent', id, label: name },
    details: { from, to: sharing, service },
  })

const tooMany = () =>
  new AppError('CONFLICT', `You have ${agentLimits.perOwner} agents: delete one first.`, undefined, {
    key: 'tooManyAgents',
    values: { most: agentLimits.perOwner },
  })

async function madeBefore(tx: Tx, actorId: ActorId, requestId: string): Promise<string | null> {
  const made = await data.findByRequest(tx, actorId, requestId)
  if (made?.other) throw new AppError('CONFLICT', 'This request id was used before.', 'requestId', { key: 'requestUsed' })
  return made?.id ?? null
}

async function insert(act: Act, actorId: ActorId, requestId: string, snapshot: Snapshot, status: AgentStatus): Promise<Agent> {
  checkConfig(snapshot.config)
  const projectId = await sharedProject(actorId, snapshot)
  const fresh = randomUUID()
  const { agent, version } = await storable(fresh, 1, snapshot, projectId)
  const id = await data.inTransaction(async (tx) => {
    // Behind the lock, so that of one request that comes twice at once the second finds what the first has made.
    const count = await data.lockAndCount(tx, actorId)
    const before = await madeBefore(tx, actorId, requestId)
    if (before) return before
    if (count >= agentLimits.perOwner) throw tooMany()
    await data.insertAgent(tx, { ...agent, id: fresh, ownerId: actorId, requestId, status, createdAt: now() }, version)
    if (snapshot.sharing !== 'private') await noteSharing(tx, act, fresh, 'private', snapshot)
    return fresh
  })
  tellOwner(actorId)
  return agentOf(await usableAgent(actorId, id), actorId)
}

/**
 * Makes an agent; the same request again gives the one it made.
 * @throws AppError BAD_REQUEST with the field that its model refuses, NOT_FOUND for a project the person is no member of, CONFLICT for too many
 */
export const createAgent = (act: Act, actorId: ActorId, requestId: string, draft: AgentDraft): Promise<Agent> => {
  const snapshot = snapshotOf(draft)
  const status = draft.status.toUpperCase() as AgentStatus
  return insert(act, actorId, requestId, { ...snapshot, config: completed(snapshot.config, null) }, status)
}

/**
 * Makes a private copy of a person's own agent, a draft, with its secrets.
 * @throws AppError NOT_FOUND, FORBIDDEN for another's agent, CONFLICT where no key opens it or there are too many
 */
export async function duplicateAgent(act: Act, actorId: ActorId, id: string, requestId: string, name?: string): Promise<Agent> {
  const row = await ownAgent(actorId, id)
  const { value } = await openConfig(row.id, row.sealed)
  if (!value) throw new AppError('CONFLICT', 'No key opens this agent.', undefined, { key: 'agentUnreadable' })
  const { description, tags, avatar } = row
  const copy = { description, tags, avatar, name: name ?? row.name, sharing: 'private' as const, service: null, config: value }
  return insert(act, actorId, requestId, copy, 'DRAFT')
}
