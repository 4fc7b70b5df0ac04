import { z } from 'zod'
import type { McpServer } from '../schema.ts'
import { cleanWords, inputSchemaOf, resultOf, toolName } from './clean.ts'
import { type Connection, connect, problemOf } from './connect.ts'
import { type McpPlace, type McpProblem, type McpResult, type McpTool, mcpBounds, type OpenMcp } from './types.ts'

// The client's own calls for these would build checkers from the server's schemas; nothing of a server is built here.
const listed = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().max(2_000).optional() })
const toolSchema = z.object({ name: z.string().min(1), description: z.unknown().optional(), inputSchema: z.unknown().optional() })
const called = z.object({ content: z.unknown().optional(), structuredContent: z.unknown().optional(), isError: z.unknown().optional() })

type Listed = z.infer<typeof toolSchema>

async function listTools({ client }: Connection, { signal, startMs = mcpBounds.startMs }: McpPlace): Promise<Listed[]> {
  if (!client.getServerCapabilities()?.tools) return []
  const found: Listed[] = []
  let cursor: string | undefined
  for (let page = 0; page < 10 && found.length < mcpBounds.tools; page++) {
    const params = cursor === undefined ? {} : { cursor }
    const { tools, nextCursor } = await client.request({ method: 'tools/list', params }, listed, { timeout: startMs, signal })
    for (const one of tools.slice(0, mcpBounds.tools)) {
      const parsed = toolSchema.safeParse(one)
      if (parsed.success) found.push(parsed.data)
    }
    if (nextCursor === undefined || nextCursor === cursor) break
    cursor = nextCursor
  }
  return found.slice(0, mcpBounds.tools)
}

/** Calls a tool. Whatever the server does, from refusing to falling over, is a result for the model. */
async function call({ client, meter }: Connection, name: string, input: unknown, signal: AbortSignal, callMs: number): Promise<McpResult> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(input ?? {})
  if (!parsed.success) return { output: 'The input of a tool is an object.', isError: true }
  try {
    meter.call()
    const request = { method: 'tools/call' as const, params: { name, arguments: parsed.data } }
    return resultOf(await client.request(request, called, { timeout: callMs, maxTotalTimeout: callMs, signal: AbortSignal.any([signal]) }))
  } catch (error) {
    signal.throwIfAborted()
    if (meter.signal.aborted) return { output: problemOf(meter.signal.reason).message, isError: true }
    const said = error instanceof Error ? cleanWords(error.message, 500) : ''
    const { key, message } = problemOf(error)
    return { output: key === 'mcpNone' ? `The call failed: ${said || message}` : message, isError: true }
  }
}

/** What the model reads before a tool's own description, so that it knows whose words those are. */
export const origin = (name: string): string => `From the MCP server "${name}": `

function toolsOf(server: McpServer, connection: Connection, found: readonly Listed[], place: McpPlace): McpTool[] {
  const tools = new Map<string, McpTool>()
  for (const { name: own, description, inputSchema } of found) {
    const name = toolName(server.name, own)
    if (name === null || tools.has(name)) continue
    tools.set(name, {
      name,
      description: origin(server.name) + (cleanWords(description, mcpBounds.descriptionCharacters) || own.slice(0, 100)),
      inputSchema: inputSchemaOf(inputSchema),
      run: (input, { signal }) => call(connection, own, input, signal, place.callMs ?? mcpBounds.callMs),
    })
  }
  return [...tools.values()]
}

interface Opened {
  tools: McpTool[]
  problem: McpProblem | null
  connection: Connection | null
}

async function openOne(server: McpServer, place: McpPlace): Promise<Opened> {
  let connection: Connection | null = null
  try {
    connection = await connect(server, place)
    const tools = toolsOf(server, connection, await listTools(connection, place), place)
    return { tools, problem: null, connection }
  } catch (error) {
    await connection?.close()
    const { key = 'mcpNone', values = {}, message } = problemOf(connection?.meter.signal.aborted ? connection.meter.signal.reason : error)
    return { tools: [], problem: { server: server.name, key, values, message }, connection: null }
  }
}

/**
 * Opens an agent's MCP servers side by side. A server that cannot be used is a problem in words, never an error: the others work. Close it
 * when the run is over; programs end with it.
 */
export async function openMcp(servers: readonly McpServer[], place: McpPlace): Promise<OpenMcp> {
  const ending = new AbortController()
  const bounded = { ...place, signal: AbortSignal.any([place.signal, ending.signal]) }
  const opened = await Promise.all(servers.map((server) => openOne(server, bounded)))
  const close = async () => {
    await Promise.all(opened.map(({ connection }) => connection?.close()))
    ending.abort(new Error('the run is over'))
  }
  if (place.signal.aborted) {
    await close()
    place.signal.throwIfAborted()
  }
  return { tools: opened.flatMap(({ tools }) => tools), problems: opened.flatMap(({ problem }) => problem ?? []), close }
}
