import { isDeepStrictEqual } from 'node:util'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { logger } from '@/server/core/logger.ts'
import type { EngineRun } from '../engines/types.ts'
import { shortened } from '../rules.ts'
import { openTools } from '../tools/all.ts'
import { contextOf } from '../tools/call.ts'
import { outputLimit, type ToolResult } from '../tools/types.ts'
import { bridgeName, isCovered, nameInside, ourName } from './names.ts'

/** The tools that the program has not of its own: those of the platform and of the agent's MCP servers. */
export interface Bridge {
  /** For the package's option of that name. */
  servers: Record<string, object>
  names: ReadonlySet<string>
  /** Passages that the result of the call at this place brought, once. */
  takeSources(index: number): ToolResult['sources']
  close(): Promise<void>
}

/** The card of a call: the one of that tool that is at work with that input. */
function placeOf(run: EngineRun, tool: string, input: unknown): number {
  const fits = run.parts.map((part) => part.type === 'tool' && part.tool === tool && part.state === 'running')
  const same = run.parts.findIndex(
    (part, index) => fits[index] && part.type === 'tool' && isDeepStrictEqual(JSON.parse(part.input || '{}'), input),
  )
  return same >= 0 ? same : fits.lastIndexOf(true)
}

/**
 * Offers the platform's tools to the program over its own channel: they work here and not in its sandbox, on behalf of the person, with the
 * same bounds as for every engine.
 */
export async function openBridge(run: EngineRun): Promise<Bridge> {
  const toolbox = await openTools(run)
  const offered = toolbox.definitions.filter(({ name }) => !isCovered(name))
  const sources = new Map<number, ToolResult['sources']>()
  const server = new Server({ name: bridgeName, version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: offered.map(({ name, description, input_schema }) => ({
      name: nameInside(name),
      description,
      inputSchema: input_schema as { type: 'object' },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = ourName(`mcp__${bridgeName}__${params.name}`) ?? params.name
    const index = placeOf(run, tool, params.arguments ?? {})
    const said = (text: string, isError: boolean) => ({ content: [{ type: 'text' as const, text }], isError })
    // Only what was permitted is at work.
    if (index < 0) return said('This call was not allowed.', true)
    try {
      const result = await toolbox.call(tool, params.arguments ?? {}, contextOf(run, index))
      sources.set(index, result.sources)
      return said(shortened(result.output, outputLimit), result.isError === true)
    } catch (err) {
      if (!run.signal.aborted) logger.error({ err, tool }, 'a tool failed')
      return said('The tool failed for a reason of its own.', true)
    }
  })
  return {
    servers: offered.length > 0 ? { [bridgeName]: { type: 'sdk', name: bridgeName, instance: server, alwaysLoad: true } } : {},
    names: toolbox.names,
    takeSources(index) {
      const found = sources.get(index)
      sources.delete(index)
      return found
    },
    async close() {
      await server.close()
      await toolbox.close()
    },
  }
}
