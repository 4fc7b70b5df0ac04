import { createHmac } from 'node:crypto'
import { workspaceTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'

/** What a document's bytes are bound to. */
export const documentContext = (objectKey: string): string => `memory-document:${objectKey}`
/** What a passage is bound to. */
export const pieceContext = (id: string): string => `memory-chunk:${id}`

/** The key of one agent's digests: the same on every node and through every rotation. */
export const termKey = (agentId: string): Buffer => createHmac('sha256', registry('platformSecret')).update(`memory:${agentId}`).digest()

/** Tells the agent's owner that something became of its documents. */
export async function tellOfReading(agentId: string): Promise<void> {
  const ownerId = await data.ownerOf(agentId)
  if (ownerId) registry('hub').publish(workspaceTopic(ownerId), { kind: 'agents' })
}
