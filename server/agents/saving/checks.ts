import { AppError } from '@/server/core/errors.ts'
import { type ActorId, projectForActor } from '@/server/core/gates.ts'
import { models } from '@/server/models/schema.ts'
import { doubledServer, type Snapshot, withSecrets } from '../rules.ts'
import { type AgentConfig, modelProblems } from '../schema.ts'

/** @throws AppError BAD_REQUEST where the model takes something else, or two MCP servers have one name */
export function checkConfig(config: AgentConfig): void {
  const facts = models[config.model]
  const problem = modelProblems(config)[0]
  if (problem) {
    const tooMany = problem.problem === 'tooMany'
    const most = problem.field === 'maxTokens' ? facts.maxOutputTokens : config.maxTokens - 1
    const words = tooMany ? `At most ${most} fit here.` : `${facts.label} does not take this.`
    const values: Record<string, string | number> = tooMany ? { most } : { model: facts.label }
    throw new AppError('BAD_REQUEST', words, `config.${problem.field}`, { key: tooMany ? 'modelTooMany' : 'modelNotTaken', values })
  }
  const doubled = doubledServer(config)
  if (doubled !== null)
    throw new AppError('BAD_REQUEST', 'Two MCP servers have this name.', `config.mcpServers.${doubled}.name`, { key: 'mcpNameTaken' })
}

/** The configuration with its stored secrets. @throws AppError BAD_REQUEST where one has to be entered again */
export function completed(config: AgentConfig, stored: AgentConfig | null): AgentConfig {
  const { config: whole, missing } = withSecrets(config, stored)
  if (missing) throw new AppError('BAD_REQUEST', 'Enter this secret again.', missing, { key: 'secretAgain' })
  return whole
}

/**
 * The project an agent is shared with; null where it is shared with none.
 * @throws AppError BAD_REQUEST without a project's name, NOT_FOUND where the person is no member of it
 */
export async function sharedProject(actorId: ActorId, { sharing, service }: Snapshot): Promise<string | null> {
  if (sharing !== 'project') return null
  if (!service) throw new AppError('BAD_REQUEST', 'Say which project the agent is shared with.', 'service', { key: 'agentNeedsProject' })
  return (await projectForActor(actorId, service)).projectId
}
