import { type EngineName, engines as names } from '@/server/agents/schema.ts'
import { claudeCodeEngine } from './claude-code.ts'
import { messagesEngine } from './messages.ts'
import { type Engine, RunStop } from './types.ts'

const engines: Partial<Record<EngineName, Engine>> = { messages: messagesEngine, 'claude-code': claudeCodeEngine }

/** The engine of a name. @throws RunStop where this server has none */
export function engineNamed(name: EngineName): Engine {
  const engine = engines[name]
  if (!engine) throw new RunStop('engineMissing')
  return engine
}

/** What can drive an agent on this server, and what it would take where it cannot yet. */
export const engineStates = () =>
  Promise.all(
    names.map(async (name) => {
      const none = { available: false, version: null, installBytes: null, installing: false }
      return { name, ...((await engines[name]?.state()) ?? none) }
    }),
  )
