import type { Tool as ToolDefinition } from '@anthropic-ai/sdk/resources/messages'
import type { ToolContext, ToolResult } from './types.ts'

/** The tools of one run. */
export interface Toolbox {
  /** As the model is told of them. */
  definitions: ToolDefinition[]
  names: ReadonlySet<string>
  /** Calls one. What the model did wrong comes back as an error result; a tool that nobody has does, too. */
  call(name: string, input: unknown, context: ToolContext): Promise<ToolResult>
  close(): Promise<void>
}
