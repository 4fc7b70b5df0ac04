import { z } from 'zod'

/** The release that this code was written for and tested with; no other is installed or loaded. */
export const packageName = '@anthropic-ai/claude-agent-sdk'
export const pinnedVersion = '0.3.329'
/** What it takes on the disk with all that it brings. */
export const installBytes = 426_000_000

/** Where the program finds things inside its sandbox. */
export const inside = { program: '/opt/claude-code', socket: '/opt/model.sock', home: '/tmp/home', folder: '/workspace' } as const

const block = z.looseObject({
  type: z.string(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().nullish(),
  content: z.unknown().optional(),
})
const parent = z.string().nullish()

/** What of the program's messages is read here; whatever else it says passes by. */
export const saidSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('stream_event'), parent_tool_use_id: parent, event: z.looseObject({ type: z.string() }) }),
  z.looseObject({
    type: z.literal('user'),
    parent_tool_use_id: parent,
    message: z.looseObject({ content: z.union([z.string(), z.array(block)]) }),
  }),
  z.looseObject({
    type: z.literal('result'),
    subtype: z.string(),
    is_error: z.boolean(),
    result: z.string().optional(),
    errors: z.array(z.string()).optional(),
    api_error_status: z.number().nullish(),
  }),
])
export type Said = z.infer<typeof saidSchema>

type Decision = { behavior: 'allow'; updatedInput: Record<string, unknown> } | { behavior: 'deny'; message: string }
/** Asked before a tool is used. */
export type CanUseTool = (
  tool: string,
  input: Record<string, unknown>,
  options: { signal: AbortSignal; toolUseID: string },
) => Promise<Decision>

/** What the package wants of a process. */
export interface Spawned {
  stdin: NodeJS.WritableStream
  stdout: NodeJS.ReadableStream
  readonly killed: boolean
  readonly exitCode: number | null
  kill(signal: NodeJS.Signals): boolean
  on(event: string, listener: (...args: never[]) => void): unknown
  once(event: string, listener: (...args: never[]) => void): unknown
  off(event: string, listener: (...args: never[]) => void): unknown
}
export interface SpawnRequest {
  command: string
  args: string[]
  env: Record<string, string | undefined>
}

/** What of the package is used: it is no dependency, so its own types are not there. */
export interface Sdk {
  query(request: { prompt: AsyncIterable<object>; options: Record<string, unknown> }): AsyncIterable<unknown> & { close?(): void }
}
