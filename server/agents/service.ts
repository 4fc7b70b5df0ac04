import { audited } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ActorId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import type { ListQuery } from './list/types.ts'
import { configForOthers, differenceOf, maskedConfig } from './rules.ts'
import { agentOf, cardOf, ownAgent, projectIdsOf, tellOwner, usableAgent } from './saving/find.ts'
import { now, openConfig, openVersion } from './saving/types.ts'
import { type Agent, type AgentCard, type AgentConfig, type AgentDifference, type AgentVersionRow, agentLimits } from './schema.ts'

export { checkMcp } from './mcp/check.ts'
export { openMcp } from './mcp/open.ts'
export type { OpenMcp } from './mcp/types.ts'
export { createAgent, duplicateAgent } from './saving/create.ts'
export { editAgent, rollbackAgent } from './saving/edit.ts'
export { agentContext, versionContext } from './saving/types.ts'
export { templates } from './templates/all.ts'

/** One page of the agents that a person may use, with how many there are and all their tags. */
export async function listAgents(actorId: ActorId, query: ListQuery): Promise<{ items: AgentCard[]; total: number; tags: string[] }> {
  const { items, total, tags } = await data.findList(actorId, await projectIdsOf(actorId), query)
  return { items: items.map((row) => cardOf(row, actorId)), total, tags }
}

/** An agent that a person may use; its configuration is shown to its owner alone. @throws AppError NOT_FOUND */
export const getAgent = async (actorId: ActorId, id: string): Promise<Agent> => agentOf(await usableAgent(actorId, id), actorId)

/**
 * Pauses an agent, or lets it run again, which forgets the errors it had.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function setAgentStatus(actorId: ActorId, id: string, status: 'active' | 'paused'): Promise<Agent> {
  const row = await ownAgent(actorId, id)
  await data.inTransaction((tx) => data.setStatus(tx, actorId, row.id, status === 'active' ? 'ACTIVE' : 'PAUSED'))
  tellOwner(actorId)
  return getAgent(actorId, id)
}

/** Puts an agent away, so that it neither runs nor stands in lists, or takes it out again. @throws AppError NOT_FOUND, FORBIDDEN */
export async function archiveAgent(actorId: ActorId, id: string, archived: boolean): Promise<Agent> {
  const row = await ownAgent(actorId, id)
  if ((row.archivedAt !== null) !== archived) await data.setArchived(actorId, id, archived ? now() : null)
  tellOwner(actorId)
  return getAgent(actorId, id)
}

/** Removes an agent with its versions and documents; conversations it had stay. @throws AppError NOT_FOUND, FORBIDDEN */
export async function deleteAgent(act: Act, actorId: ActorId, id: string): Promise<void> {
  const { name, sharing } = await ownAgent(actorId, id)
  const objects = await data.documentObjects(actorId, id)
  const forget = () => Promise.all(objects.map((key) => registry('objects').delete(key)))
  // The bytes of its documents go first, so that where this is cut short their rows still name them.
  await forget()
  const record = { action: 'agent.deleted', target: { type: 'agent', id, label: name }, details: { sharing } } as const
  await audited(act, record, async (tx) => {
    if (!(await data.deleteAgent(tx, actorId, id)))
      throw new AppError('NOT_FOUND', 'There is no such agent, or it is not shared with you.', 'id', { key: 'noAgent' })
  })
  // Once more: what was sealed anew at that moment still had its row.
  await forget()
  tellOwner(actorId)
}

/** The versions of a person's own agent, the newest first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function versionsOf(actorId: ActorId, id: string): Promise<AgentVersionRow[]> {
  const { version } = await ownAgent(actorId, id)
  const rows = await data.findVersions(actorId, id)
  return rows.map(({ number, author, createdAt }) => ({ number, author, createdAt: createdAt.toISOString(), current: number === version }))
}

/** What one version of a person's own agent says otherwise than another. @throws AppError NOT_FOUND, FORBIDDEN */
export async function versionDifference(actorId: ActorId, id: string, from: number, to: number): Promise<AgentDifference> {
  await ownAgent(actorId, id)
  const rows = await data.findSealedVersions(actorId, id, [from, to])
  const open = async (number: number) => {
    const row = rows.find((one) => one.number === number)
    if (!row) throw new AppError('NOT_FOUND', 'There is no such version.', 'number', { key: 'noAgentVersion' })
    return (await openVersion(row.id, row.sealed)).value
  }
  const [before, after] = [await open(from), await open(to)]
  return { from, to, unreadable: !before || !after, fields: before && after ? differenceOf(before, after) : [] }
}

/** All that a run has to know of an agent, its secrets among it: for the server alone. */
interface RunnableAgent {
  id: string
  name: string
  version: number
  status: Agent['status']
  statusReason: string | null
  config: AgentConfig
}

/**
 * An agent for a run of somebody who may use it. One in `error` may be tried: a run that succeeds puts it right.
 * @param begunWith the version that a run which is taken up again began with: half of its answer is by that one. Where that is kept no more, it is
 *   the current one.
 * @throws AppError NOT_FOUND, CONFLICT where it is paused or archived, or no key opens it
 */
export async function agentForRun(actorId: ActorId, agentId: string, begunWith: number | null = null): Promise<RunnableAgent> {
  const { id, ownerId, name, version, status, statusReason, archivedAt, sealed } = await usableAgent(actorId, agentId)
  const refuse = (words: string, key: string) => new AppError('CONFLICT', words, 'agentId', { key, values: { name } })
  if (archivedAt !== null) throw refuse(`${name} is archived: take it out of the archive first.`, 'agentArchived')
  if (status === 'paused') throw refuse(`${name} is paused: resume it first.`, 'agentPaused')
  const former = begunWith === null || begunWith === version ? null : await data.findVersion(id, begunWith)
  const config = former ? (await openVersion(former.id, former.sealed)).value?.config : (await openConfig(id, sealed)).value
  if (!config) throw refuse('No key opens this agent.', 'agentUnreadable')
  return {
    id,
    name,
    version: former?.number ?? version,
    status,
    statusReason,
    config: ownerId === actorId ? config : configForOthers(config),
  }
}

/**
 * Counts a run, in the transaction that ends it, so that each counts once. So many errors in a row put an active agent into `error` with the
 * reason; a success takes it out again. Gives what tells the agent's owner, for when the transaction has come through.
 */
export async function recordRun(tx: Tx, record: data.RunRecord): Promise<() => void> {
  const ownerId = await data.countRun(tx, record, agentLimits.failures)
  return () => {
    if (ownerId) tellOwner(ownerId)
  }
}

/** A person's agents whole, for the export of their data; secrets stay out of it. */
export async function agentsOf(actorId: ActorId): Promise<unknown[]> {
  const rows = await data.findOwn(actorId)
  return Promise.all(
    rows.map(async ({ sealed, ...row }) => {
      const { value, unreadable } = await openConfig(row.id, sealed)
      return { ...row, config: value && maskedConfig(value), unreadable }
    }),
  )
}
