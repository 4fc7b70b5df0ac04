import { AppError } from '@/server/core/errors.ts'
import type { Act, ActorId } from '@/server/core/gates.ts'
import type { AgentStatus } from '@/server/core/generated/prisma/enums.ts'
import * as data from '../data.ts'
import { type Snapshot, sameSnapshot, snapshotOf } from '../rules.ts'
import { type Agent, type AgentConfig, type AgentDraft, agentLimits } from '../schema.ts'
import { checkConfig, completed, sharedProject } from './checks.ts'
import { noteSharing } from './create.ts'
import { agentOf, ownAgent, tellOwner, usableAgent } from './find.ts'
import { now, openConfig, openVersion } from './types.ts'
import { storable } from './write.ts'

const changedMeanwhile = () =>
  new AppError('CONFLICT', 'This agent was changed meanwhile: load it again.', 'version', { key: 'agentChanged' })

const currentOf = ({ name, description, tags, avatar, sharing, service }: data.AgentRow, config: AgentConfig): Snapshot => {
  return { name, description, tags, avatar, sharing, service: sharing === 'project' ? service : null, config }
}

interface Save {
  row: data.AgentRow
  stored: AgentConfig | null
  snapshot: Snapshot
  status: AgentStatus
}

async function store(act: Act, actorId: ActorId, { row, stored, snapshot, status }: Save): Promise<Agent> {
  checkConfig(snapshot.config)
  // Who left the project may still change an agent that its members use; only to share it anew one has to be a member.
  const kept = row.sharing === snapshot.sharing && row.service !== null && row.service === snapshot.service
  const projectId = kept ? row.projectId : await sharedProject(actorId, snapshot)
  const same = stored !== null && sameSnapshot(currentOf(row, stored), snapshot)
  if (same && status === row.status.toUpperCase()) return agentOf(row, actorId)
  const { agent, version } = await storable(row.id, row.version + 1, snapshot, projectId)
  const moved = row.sharing !== snapshot.sharing || (snapshot.sharing === 'project' && row.projectId !== projectId)
  await data.inTransaction(async (tx) => {
    if (same) {
      // A status alone is no new version: an agent is paused and resumed as it is.
      await data.setStatus(tx, actorId, row.id, status)
      return
    }
    const place = { actorId, id: row.id, at: now(), keep: agentLimits.versions }
    if (!(await data.saveVersion(tx, place, { ...agent, status }, version))) throw changedMeanwhile()
    if (moved) await noteSharing(tx, act, row.id, row.sharing, snapshot)
  })
  tellOwner(actorId)
  return agentOf(await usableAgent(actorId, row.id), actorId)
}

/**
 * Saves what a person wrote over the version they saw; whatever changed makes a new one. Errors it had are forgotten.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT where it was changed meanwhile, BAD_REQUEST with the field that is refused
 */
export async function editAgent(act: Act, actorId: ActorId, id: string, version: number, draft: AgentDraft): Promise<Agent> {
  const row = await ownAgent(actorId, id)
  if (row.version !== version) throw changedMeanwhile()
  const { value: stored } = await openConfig(row.id, row.sealed)
  const snapshot = snapshotOf(draft)
  const status = draft.status.toUpperCase() as AgentStatus
  return store(act, actorId, { row, stored, snapshot: { ...snapshot, config: completed(snapshot.config, stored) }, status })
}

/**
 * Makes what an earlier version said the newest one; with whom the agent is shared stays as it is.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT where it was changed meanwhile or no key opens that version, BAD_REQUEST where its model
 * refuses by now what it says
 */
export async function rollbackAgent(act: Act, actorId: ActorId, id: string, version: number, number: number): Promise<Agent> {
  const row = await ownAgent(actorId, id)
  if (row.version !== version) throw changedMeanwhile()
  const [found] = await data.findSealedVersions(actorId, id, [number])
  if (!found) throw new AppError('NOT_FOUND', 'There is no such version.', 'number', { key: 'noAgentVersion' })
  const [{ value: earlier }, { value: stored }] = await Promise.all([openVersion(found.id, found.sealed), openConfig(row.id, row.sealed)])
  if (!earlier) throw new AppError('CONFLICT', 'No key opens this version.', 'number', { key: 'agentUnreadable' })
  // A project that is gone has no members any more to share with.
  const sharing = row.sharing === 'project' && row.service === null ? 'private' : row.sharing
  const snapshot = { ...earlier, sharing, service: sharing === 'project' ? row.service : null }
  const status = (row.status === 'error' ? 'active' : row.status).toUpperCase() as AgentStatus
  return store(act, actorId, { row, stored, snapshot, status })
}
