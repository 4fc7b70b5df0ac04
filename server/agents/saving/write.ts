import { randomUUID } from 'node:crypto'
import type { AgentSharing } from '@/server/core/generated/prisma/enums.ts'
import type { Saved, SavedVersion } from '../data.ts'
import type { Snapshot } from '../rules.ts'
import { agentContext, sealJson, versionContext } from './types.ts'

/** What a version is stored as: the agent's own columns, and the version whole. */
export async function storable(
  agentId: string,
  number: number,
  snapshot: Snapshot,
  projectId: string | null,
): Promise<{ agent: Saved; version: SavedVersion }> {
  const { name, description, tags, avatar, sharing, config } = snapshot
  const id = randomUUID()
  const agent = {
    ...{ name, description, tags, avatar, projectId },
    model: config.model,
    engine: config.engine,
    sharing: sharing.toUpperCase() as AgentSharing,
    sealed: await sealJson(agentContext(agentId), config),
  }
  return { agent, version: { id, number, sealed: await sealJson(versionContext(id), snapshot) } }
}
