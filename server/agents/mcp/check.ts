import type { ActorId } from '@/server/core/gates.ts'
import { completed } from '../saving/checks.ts'
import { ownAgent } from '../saving/find.ts'
import { openConfig } from '../saving/types.ts'
import { agentConfigSchema, type CheckedMcp, type McpServer } from '../schema.ts'
import { openMcp, origin } from './open.ts'
import type { McpPlace } from './types.ts'

/** A server as a form shows it, with the secrets that its stored agent holds. @throws AppError as `ownAgent`, BAD_REQUEST where one has to be entered again */
async function withStored(actorId: ActorId, agentId: string | null, server: McpServer): Promise<McpServer> {
  const stored = agentId ? (await openConfig(agentId, (await ownAgent(actorId, agentId)).sealed)).value : null
  const config = agentConfigSchema.parse({ model: 'claude-sonnet-5-5', mcpServers: [server] })
  return completed(config, stored).mcpServers[0] ?? server
}

const mostMs = 60_000

/**
 * Tries a server out: says hello, and lists its tools. A program starts in an empty folder in memory, so what is to lie in a conversation's folder is
 * not there.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_REQUEST; a server that cannot be used is told in the answer
 */
export async function checkMcp(
  actorId: ActorId,
  { agentId, server }: { agentId: string | null; server: McpServer },
  place: Partial<McpPlace> = {},
): Promise<CheckedMcp> {
  const whole = await withStored(actorId, agentId, server)
  const open = await openMcp([whole], { owner: actorId, directory: null, signal: AbortSignal.timeout(mostMs), ...place })
  await open.close()
  const [problem] = open.problems
  const tools = open.tools.map(({ name, description }) => ({
    ...{ name: name.slice(`mcp__${server.name}__`.length), description: description.slice(origin(server.name).length) },
  }))
  return { ok: !problem, tools, problem: problem ? { key: problem.key, values: problem.values, message: problem.message } : null }
}
