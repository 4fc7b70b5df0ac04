import { AppError } from '@/server/core/errors.ts'

/** What a tool of an MCP server gives back. */
export interface McpResult {
  output: string
  isError?: boolean
}

/** A tool of an MCP server under the name that the model knows it by. */
export interface McpTool {
  /** `mcp__<server>__<tool>`. */
  name: string
  description: string
  inputSchema: Record<string, unknown>
  /** Never throws but for the signal: whatever the server does wrong is an error result. */
  run(input: unknown, context: { signal: AbortSignal }): Promise<McpResult>
}

/** A server that cannot be used, and why: `said.<key>` of the message files. */
export interface McpProblem {
  server: string
  key: string
  values: Record<string, string | number>
  message: string
}

/** Where and how servers are opened. */
export interface McpPlace {
  /** Whose run, or try, it is: so many programs may run for one person. */
  owner: string
  /** Seen by programs as /workspace; null for an empty folder in memory. */
  directory: string | null
  /** Paths below /workspace that programs do not get to see. */
  hidden?: readonly string[]
  signal: AbortSignal
  /** Hears of a program's process, and gives what is to be called at its end. */
  onStart?(pid: number | undefined): () => void
  /** For tests, whose servers are on this machine. */
  allowLoopback?: boolean
  /** For tests: how long a server may take to begin, and a call to be answered. */
  startMs?: number
  callMs?: number
}

/** The servers of one agent, for one run. */
export interface OpenMcp {
  tools: McpTool[]
  problems: McpProblem[]
  close(): Promise<void>
}

export const mcpBounds = {
  startMs: 20_000,
  callMs: 120_000,
  /** A connection to a server over HTTP ends with its run, and after so long. */
  connectionMs: 2 * 3_600_000,
  tools: 64,
  messageBytes: 4 * 1024 * 1024,
  /** What a server may say in one call, and in all of a run. */
  callBytes: 16 * 1024 * 1024,
  callMessages: 2_000,
  saidBytes: 64 * 1024 * 1024,
  /** Of whatever kind: answers, news, questions whether we are still there. */
  messages: { atOnce: 300, perSecond: 20 },
  /** Over HTTP: calls of ours, and connections that a server lets us open again and again. */
  requests: { atOnce: 120, perSecond: 2 },
  programsPerPerson: 16,
  resultCharacters: 100_000,
  schemaCharacters: 16_000,
  descriptionCharacters: 1_000,
} as const

export const mcpProblem = (message: string, key: string, values: Record<string, string | number> = {}, cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', message, undefined, { key, values, cause })
