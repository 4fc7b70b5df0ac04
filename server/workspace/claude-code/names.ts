import type { ToolName } from '@/server/agents/schema.ts'
import { inside } from './types.ts'

/** The program's tools and ours that each comes to: what the agent's settings say of the one holds for the other. */
const ours: Record<string, ToolName> = {
  Bash: 'run_command',
  Read: 'read_file',
  Glob: 'list_files',
  Grep: 'search_files',
  Write: 'write_file',
  Edit: 'edit_file',
}

/** Under this name the program knows the tools that it has from us. */
export const bridgeName = 'maestro'
const prefix = `mcp__${bridgeName}__`

/** Whether the program has a tool of its own for what one of ours does. */
export const isCovered = (tool: string): boolean => (Object.values(ours) as string[]).includes(tool)

/** One of our tools' names as the program has it below `bridgeName`; those of MCP servers are `<server>__<tool>` there. */
export const nameInside = (tool: string): string => tool.replace(/^mcp__/, '')

/** Our name of one of the program's tools; null for those that it is not given here. */
export function ourName(tool: string): string | null {
  if (Object.hasOwn(ours, tool)) return ours[tool] ?? null
  if (!tool.startsWith(prefix)) return null
  const name = tool.slice(prefix.length)
  return name.includes('__') ? `mcp__${name}` : name
}

/** The program's tools that an agent is given. */
export const toolsFor = (permitted: (tool: ToolName) => boolean): string[] =>
  Object.entries(ours).flatMap(([theirs, mine]) => (permitted(mine) ? [theirs] : []))

const relative = (path: unknown): unknown =>
  typeof path === 'string' && (path === inside.folder || path.startsWith(`${inside.folder}/`))
    ? path.slice(inside.folder.length + 1) || '.'
    : path

const fields: Record<string, string> = {
  file_path: 'path',
  old_string: 'old',
  new_string: 'new',
  replace_all: 'all',
  offset: 'from',
  limit: 'lines',
}

/** A call's input as our own tool of that kind would have been given it, so that cards and requests for a person's word show the same. */
export function ourInput(tool: string, input: unknown): Record<string, unknown> {
  if (!Object.hasOwn(ours, tool)) return (input ?? {}) as Record<string, unknown>
  if (typeof input !== 'object' || input === null) return {}
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const own = Object.hasOwn(fields, name) ? (fields[name] ?? name) : name
      return [own, own === 'path' ? relative(value) : value]
    }),
  )
}
