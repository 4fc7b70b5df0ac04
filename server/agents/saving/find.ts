import { AppError } from '@/server/core/errors.ts'
import { type ActorId, projectsForActor } from '@/server/core/gates.ts'
import { workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import type { ListRow } from '../list/types.ts'
import { maskedConfig } from '../rules.ts'
import type { Agent, AgentCard } from '../schema.ts'
import { openConfig } from './types.ts'

export const projectIdsOf = async (actorId: ActorId): Promise<string[]> =>
  (await projectsForActor(actorId)).map(({ projectId }) => projectId)

/** A row as the list shows it to one person. */
export function cardOf({ ownerId, owner, archivedAt, ...row }: ListRow, actorId: ActorId): AgentCard {
  return { ...row, own: ownerId === actorId, owner: owner ?? '', archived: archivedAt !== null }
}

/** An agent that a person may use. @throws AppError NOT_FOUND where there is none, whoever's it is */
export async function usableAgent(actorId: ActorId, id: string): Promise<data.AgentRow> {
  const row = await data.findUsable(actorId, await projectIdsOf(actorId), id)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such agent, or it is not shared with you.', 'id', { key: 'noAgent' })
  return row
}

/** A person's own agent. @throws AppError NOT_FOUND as `usableAgent`, FORBIDDEN where somebody shares it with them */
export async function ownAgent(actorId: ActorId, id: string): Promise<data.AgentRow> {
  const row = await usableAgent(actorId, id)
  if (row.ownerId !== actorId) throw new AppError('FORBIDDEN', 'Only its owner can change this agent.', undefined, { key: 'agentNotYours' })
  return row
}

/** An agent whole, as one person may see it. */
export async function agentOf(row: data.AgentRow, actorId: ActorId): Promise<Agent> {
  const { sealed, createdAt, projectId: _project, failures: _failures, ...card } = row
  const own = row.ownerId === actorId
  const { value, unreadable } = own ? await openConfig(row.id, sealed) : { value: null, unreadable: false }
  return { ...cardOf(card, actorId), createdAt, mayEdit: own, config: value && maskedConfig(value), unreadable }
}

/** Tells an agent's owner that lists of agents changed. */
export const tellOwner = (ownerId: string): void => registry('hub').publish(workspaceTopic(ownerId), { kind: 'agents' })
