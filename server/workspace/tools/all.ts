import { z } from 'zod'
import { type OpenMcp, openMcp } from '@/server/agents/service.ts'
import { countHeld, diskRoom, measure, survey, withheldPaths } from '@/server/files/service.ts'
import type { EngineRun } from '../engines/types.ts'
import { permissionOf } from '../rules.ts'
import { commandTool, overQuota, watchQuota } from './command.ts'
import { documentsTool } from './documents.ts'
import { fileTools } from './files.ts'
import { pageTool } from './page.ts'
import { projectTools } from './projects.ts'
import type { Toolbox } from './toolbox.ts'
import type { Tool, ToolContext, ToolResult } from './types.ts'

/** Every tool of the platform's own. */
const own: readonly Tool[] = [...fileTools, commandTool, pageTool, documentsTool, ...projectTools]

const objectSchema = z.looseObject({ type: z.literal('object') })

/** A tool's schema as the Messages API takes it. */
function schemaOf(tool: Tool): { type: 'object' } {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: 'input' })
  return objectSchema.parse(schema)
}

async function callOwn(tool: Tool, input: unknown, context: ToolContext): Promise<ToolResult> {
  const parsed = tool.input.safeParse(input)
  if (parsed.success) return tool.run(parsed.data, context)
  const issue = parsed.error.issues[0]
  return { output: `The input does not fit: ${issue?.path.join('.') || 'input'}: ${issue?.message}`, isError: true }
}

/** Programs of servers live as long as a run, which may wait for a day: they are looked at less often than a command. */
const lookMs = 5_000

/** Opens the servers; their programs work in the session's folder, and end where that is more than its person's quota allows. */
async function openBounded({ config, directory, denyPaths, signal, spaceId, sessionId, actorId }: EngineRun): Promise<OpenMcp> {
  const place = { owner: actorId, directory, signal }
  if (!config.mcpServers.some(({ type }) => type === 'stdio')) return openMcp(config.mcpServers, place)
  const [hidden, before, { left }] = await Promise.all([withheldPaths(spaceId, sessionId, denyPaths), survey(sessionId), diskRoom(spaceId)])
  const onStart = (pid: number | undefined) => countHeld(spaceId, sessionId, pid)
  const open = await openMcp(config.mcpServers, { ...place, hidden, onStart })
  let full = false
  const over = () => {
    full = true
    void open.close()
  }
  const leave = watchQuota(sessionId, before.bytes + left, over, lookMs)
  return {
    problems: open.problems,
    tools: open.tools.map((tool) => ({
      ...tool,
      async run(input, context) {
        const result = await tool.run(input, context)
        return full ? { output: overQuota, isError: true } : result
      },
    })),
    async close() {
      leave()
      await open.close()
      await measure(sessionId)
    },
  }
}

/** The tools of the agent's MCP servers; a server that cannot be used is told in the answer, once. */
async function openServers(run: EngineRun) {
  const { config } = run
  if (config.mcpServers.length === 0) return { tools: [], close: async () => undefined }
  const { tools, problems, close } = await openBounded(run)
  const told = run.parts.flatMap((part) => (part.type === 'notice' && part.notice === 'mcp' ? [part.values.server] : []))
  for (const { server, message } of problems) {
    if (told.includes(server)) continue
    const values = { server, reason: message }
    run.emit({ type: 'part', index: run.parts.length, part: { type: 'notice', turn: run.turnsDone, notice: 'mcp', values } })
  }
  return { tools: tools.filter(({ name }) => permissionOf(config, name) !== 'denied'), close }
}

/** The tools that an agent may use, and, where it has any, those of its MCP servers. Close it when the run is over. */
export async function openTools(run: EngineRun): Promise<Toolbox> {
  const offered = own.filter((tool) => permissionOf(run.config, tool.name) !== 'denied')
  const { tools: foreign, close } = await openServers(run)
  const definitions = [
    ...offered.map((tool) => ({ name: tool.name, description: tool.description, input_schema: schemaOf(tool) })),
    ...foreign.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: { ...inputSchema, type: 'object' as const },
    })),
  ]
  return {
    definitions,
    names: new Set(definitions.map(({ name }) => name)),
    async call(name, input, context) {
      const tool = offered.find((one) => one.name === name)
      if (tool) return callOwn(tool, input, context)
      const other = foreign.find((one) => one.name === name)
      return other ? other.run(input, context) : { output: `There is no tool ${JSON.stringify(name.slice(0, 100))}.`, isError: true }
    },
    close,
  }
}
