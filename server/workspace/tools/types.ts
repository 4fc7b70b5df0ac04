import type { z } from 'zod'
import type { AgentConfig } from '@/server/agents/schema.ts'
import type { Part } from '@/server/chats/schema.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'

/** On whose behalf and where a tool works. */
export interface ToolContext {
  /** Whoever talks to the agent: what that person may not see, the tool may not see. */
  actorId: ActorId
  /** That person's own space: its keys and its settings. */
  spaceId: ProjectId
  sessionId: string
  runId: string
  agentId: string | null
  config: AgentConfig
  /** The session's folder; nothing outside it is ever touched. */
  directory: string
  /** The space's own patterns of paths that no model gets to see, besides those that none ever does. */
  denyPaths: readonly string[]
  signal: AbortSignal
  /** How many passages the answer was given so far: the next one's number is one more. */
  cited?: number
  /** Shows output while the tool works; it also belongs into the result. */
  print(text: string): void
}

type ToolPart = Extract<Part, { type: 'tool' }>

/** What the model is told, and what is shown. */
export interface ToolResult {
  output: string
  /** The model is told that it failed. */
  isError?: boolean
  changed?: NonNullable<ToolPart['changed']>
  /** Passages that the answer may cite. */
  sources?: Extract<Part, { type: 'sources' }>['items']
}

/** One tool. Its input is parsed before `run` sees it; `run` never throws for what the model did wrong: it says so in an error result. */
export interface Tool<Input extends z.ZodType = z.ZodType> {
  name: string
  /** For the model: what it does, and when to use it. */
  description: string
  input: Input
  run(input: z.infer<Input>, context: ToolContext): Promise<ToolResult>
}

/** So many characters of a tool's output go to the model and into the conversation; the middle of what is longer is left out. */
export const outputLimit = 40_000
