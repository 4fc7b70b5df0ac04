import type { MessageRequest, Tool } from '../protocol/request.ts'
import { systemOf } from '../protocol/request.ts'
import { exampleOf } from '../roles/example.ts'
import type { Wish } from './wishes.ts'

export interface Call {
  name: string
  input: Record<string, unknown>
}

type Kind = Wish['kind']
type Make = (wish: Wish, at: (path: string) => string) => Record<string, unknown>

const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const pathOf = (wish: Wish) => ('path' in wish ? wish.path : '')
const textOf = (wish: Wish) => ('text' in wish ? wish.text : '')

/** How a wish is put to the tools that may be there, best first: the platform's own, then those of Claude Code. */
const ways: Partial<Record<Kind, [string, Make][]>> = {
  list: [
    ['list_files', (wish) => (pathOf(wish) ? { path: pathOf(wish) } : {})],
    ['Glob', (wish, at) => ({ pattern: '**/*', ...(pathOf(wish) ? { path: at(pathOf(wish)) } : {}) })],
    ['Bash', (wish) => ({ command: `ls -la ${shell(pathOf(wish) || '.')}`, description: 'List the files' })],
    ['run_command', (wish) => ({ command: `ls -la ${shell(pathOf(wish) || '.')}` })],
  ],
  read: [
    ['read_file', (wish) => ({ path: pathOf(wish) })],
    ['Read', (wish, at) => ({ file_path: at(pathOf(wish)) })],
    ['Bash', (wish) => ({ command: `cat ${shell(pathOf(wish))}`, description: 'Read a file' })],
    ['run_command', (wish) => ({ command: `cat ${shell(pathOf(wish))}` })],
  ],
  write: [
    ['write_file', (wish) => ({ path: pathOf(wish), content: wish.kind === 'write' ? wish.content : '' })],
    ['Write', (wish, at) => ({ file_path: at(pathOf(wish)), content: wish.kind === 'write' ? wish.content : '' })],
  ],
  edit: [
    ['edit_file', (wish) => (wish.kind === 'edit' ? { path: wish.path, old: wish.old, new: wish.new } : {})],
    ['Edit', (wish, at) => (wish.kind === 'edit' ? { file_path: at(wish.path), old_string: wish.old, new_string: wish.new } : {})],
  ],
  delete: [
    ['delete_file', (wish) => ({ path: pathOf(wish) })],
    ['Bash', (wish) => ({ command: `rm ${shell(pathOf(wish))}`, description: 'Delete a file' })],
    ['run_command', (wish) => ({ command: `rm ${shell(pathOf(wish))}` })],
  ],
  run: [
    ['run_command', (wish) => ({ command: wish.kind === 'run' ? wish.command : '' })],
    ['Bash', (wish) => ({ command: wish.kind === 'run' ? wish.command : '', description: 'Run the command' })],
  ],
  search: [
    ['search_files', (wish) => ({ pattern: textOf(wish) })],
    ['Grep', (wish) => ({ pattern: textOf(wish), output_mode: 'content' })],
    ['Bash', (wish) => ({ command: `grep -rnF -- ${shell(textOf(wish))} .`, description: 'Search the files' })],
  ],
  fetch: [
    ['fetch_page', (wish) => ({ url: wish.kind === 'fetch' ? wish.url : '' })],
    ['WebFetch', (wish) => ({ url: wish.kind === 'fetch' ? wish.url : '', prompt: 'What does this page say?' })],
  ],
  documents: [['search_documents', (wish) => ({ query: textOf(wish) })]],
  builds: [['read_builds', (wish) => ({ service: wish.kind === 'builds' ? wish.service : '' })]],
  log: [['read_log', (wish) => ({ service: wish.kind === 'log' ? wish.service : '' })]],
  projects: [['list_projects', () => ({})]],
}

/** Other names under which a tool may take the same. */
const otherNames: Record<string, string[]> = {
  service: ['project', 'projectId', 'name'],
  query: ['text', 'question', 'words', 'search'],
  url: ['address'],
}

/** The input in the words of the tool's own schema, its other required fields filled with the smallest that fits. */
function fitted(input: Record<string, unknown>, tool: Tool): Record<string, unknown> {
  const properties = (tool.input_schema?.properties ?? {}) as Record<string, unknown>
  const known = Object.keys(properties).length > 0
  const named = Object.entries(input).map(([key, value]) => {
    const other = known && !(key in properties) ? otherNames[key]?.find((name) => name in properties) : undefined
    return [other ?? key, value] as const
  })
  const least = exampleOf({ ...tool.input_schema, type: 'object' })
  return { ...(least && typeof least === 'object' ? least : {}), ...Object.fromEntries(named) }
}

/** Where relative paths begin, for tools that want whole ones. */
function folderOf(request: MessageRequest): string {
  return /working directory:\s*(\/[^\s]*)/i.exec(systemOf(request))?.[1]?.replace(/\/$/, '') ?? '/workspace'
}

/** The call that a wish comes to with the tools of a request; null where none of them can do it. */
export function callFor(wish: Wish, request: MessageRequest): Call | null {
  // Claude Code knows the platform's tools by longer names.
  const tools = new Map(
    (request.tools ?? []).flatMap((tool) => [[tool.name.replace(/^mcp__maestro__/, ''), tool] as const, [tool.name, tool] as const]),
  )
  if (wish.kind === 'tool') return tools.has(wish.name) ? { name: wish.name, input: wish.input } : null
  const at = (path: string) => (path.startsWith('/') ? path : `${folderOf(request)}/${path}`)
  for (const [name, make] of ways[wish.kind] ?? []) {
    const tool = tools.get(name)
    if (tool) return { name: tool.name, input: name.includes('_') ? fitted(make(wish, at), tool) : make(wish, at) }
  }
  return null
}

/** Calls in the turns they need: Claude Code edits only what it has read, and replaces only that. */
export function inTurns(calls: Call[], request: MessageRequest): Call[][] {
  const canRead = (request.tools ?? []).some(({ name }) => name === 'Read')
  const unread = canRead ? calls.filter(({ name, input }) => name === 'Edit' && !written(calls, input.file_path)) : []
  const reads = [...new Set(unread.map(({ input }) => input.file_path))].filter(
    (path) => !calls.some((call) => call.name === 'Read' && call.input.file_path === path),
  )
  const early = calls.filter(({ name, input }) => name === 'Read' && unread.some((edit) => edit.input.file_path === input.file_path))
  const rest = calls.filter((call) => !early.includes(call))
  const first = [...early, ...reads.map((path) => ({ name: 'Read', input: { file_path: path } }))]
  return [first, rest].filter((turn) => turn.length > 0)
}

const written = (calls: Call[], path: unknown) => calls.some(({ name, input }) => name === 'Write' && input.file_path === path)
