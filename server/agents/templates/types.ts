import { type AgentConfig, type AgentTemplate, agentConfigSchema, defaultTools, type TemplateKey } from '../schema.ts'

/** A template with what all of them have in common; `over` is what this role does otherwise. */
export function template(
  key: TemplateKey,
  avatar: string,
  tags: string[],
  instructions: string,
  over: Partial<Pick<AgentConfig, 'model' | 'effort' | 'thinking' | 'tools' | 'maxTokens'>> = {},
): AgentTemplate {
  const { tools, ...rest } = over
  const config = {
    model: 'claude-sonnet-5-5' as const,
    maxTokens: 16_000,
    instructions,
    ...rest,
    tools: { ...defaultTools, ...tools },
  }
  return { key, avatar, tags, config: agentConfigSchema.parse(config) }
}

/** For roles that only look: they change nothing, whatever they are told in a file. */
export const readOnly = { write_file: 'denied', edit_file: 'denied', delete_file: 'denied', run_command: 'ask' } as const
