import type { AppModel } from '../app-model.ts'
import type { Part } from '../protocol/reply.ts'
import { tokensOf } from '../protocol/reply.ts'
import { type Message, type MessageRequest, messagesOf } from '../protocol/request.ts'
import { writeAcceptanceTests } from '../writing/acceptance.ts'
import { writeBackend } from '../writing/backend.ts'
import { writeFrontend } from '../writing/frontend.ts'
import { failuresOf, modelOf, type Role, taskStart } from './blocks.ts'

/**
 * A conversation with file tools: look around, read, write each file, end the turn. Where it stands is seen from the messages alone.
 */

interface WrittenFile {
  path: string
  content: string
}

const writers: Partial<Record<Role, (model: AppModel) => WrittenFile[]>> = {
  'QA engineer': writeAcceptanceTests,
  'frontend developer': writeFrontend,
  'backend developer': writeBackend,
}

/** Files a turn; a person who watches sees them come one after another. */
const filesPerTurn = 4
/** Tries after which a file that the tools refuse is given up. */
const triesPerFile = 2

interface Call {
  name: string
  path: string
  /** The tool's answer; null where there is none. */
  result: string | null
  refused: boolean
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((one) => (one as { text?: unknown }).text)
    .filter((text) => typeof text === 'string')
    .join('\n')
}

/** All tool calls since the task was given, with their answers. */
function callsOf(messages: Message[]): Call[] {
  const results = new Map(
    messages
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.type === 'tool_result' && block.tool_use_id ? [[block.tool_use_id, block] as const] : [])),
  )
  return messages
    .flatMap(({ blocks }) => blocks)
    .filter(({ type }) => type === 'tool_use')
    .map(({ id = '', name = '', input }) => {
      const result = results.get(id)
      const text = result ? resultText(result.content) : null
      const path = (input as { path?: unknown } | null)?.path
      return {
        name,
        path: typeof path === 'string' ? path : '',
        result: text,
        refused: result?.is_error === true || /^Refused:/.test(text ?? ''),
      }
    })
}

function toolCall(name: string, input: Record<string, unknown>): Part {
  return { type: 'tool_use', name, input }
}

/** What of the tree is worth reading first: the files about to be replaced, and the scaffold's own. */
function worthReading(listing: string, files: WrittenFile[]): string[] {
  const present = listing.split('\n').map((line) => line.trim())
  return [...files.map(({ path }) => path), 'package.json'].filter((path) => present.includes(path)).slice(0, 2)
}

/** The next files that are not yet written, as many as fit into the answer; one in any case. */
function nextFiles(files: WrittenFile[], calls: Call[], maxTokens: number): WrittenFile[] {
  const writes = calls.filter(({ name }) => name === 'write_file')
  const open = files.filter(({ path }) => {
    const own = writes.filter((call) => call.path === path)
    return !own.some(({ refused }) => !refused) && own.length < triesPerFile
  })
  const chosen: WrittenFile[] = []
  let tokens = 200
  for (const file of open.slice(0, filesPerTurn)) {
    tokens += tokensOf(JSON.stringify(file)) + 20
    if (tokens > maxTokens && chosen.length > 0) break
    chosen.push(file)
  }
  return chosen
}

function ending(files: WrittenFile[], calls: Call[], repairing: boolean): string {
  const written = new Set(calls.filter(({ name, refused }) => name === 'write_file' && !refused).map(({ path }) => path))
  const refused = files.filter(({ path }) => !written.has(path)).map(({ path }) => path)
  const told = refused.length > 0 ? ` The tools refused ${refused.join(', ')}.` : ''
  if (repairing)
    return `I am the demo model: I write by fixed rules and cannot learn from failures, so these are the same ${written.size} files as before.${told}`
  return `The demo model has written ${written.size} file${written.size === 1 ? '' : 's'} by its rules; the tests will tell whether they do what the issue asks.${told}`
}

/** The next turn of the QA engineer or a developer. */
export function workTurn(role: Role, request: MessageRequest): Part[] {
  const write = writers[role]
  const messages = messagesOf(request)
  const calls = callsOf(messages.slice(taskStart(messages)))
  const failures = failuresOf(request)
  const tools = new Set((request.tools ?? []).map(({ name }) => name))
  if (!write || !tools.has('write_file'))
    return [{ type: 'text', text: 'I am the demo model. Without a write_file tool I cannot hand over any file.' }]
  const files = write(modelOf(request))
  if (calls.length === 0 && tools.has('list_files')) {
    const known = failures ? `Round of repairs: ${failures.length} failing. ` : ''
    return [{ type: 'text', text: `${known}Looking at what is there.` }, toolCall('list_files', {})]
  }
  const listing = calls.find(({ name }) => name === 'list_files')?.result ?? ''
  const reading = worthReading(listing, files)
  if (reading.length > 0 && tools.has('read_file') && !calls.some(({ name }) => name === 'read_file'))
    return reading.map((path) => toolCall('read_file', { path }))
  const next = nextFiles(files, calls, request.max_tokens)
  if (next.length === 0) return [{ type: 'text', text: ending(files, calls, failures !== null) }]
  return [
    { type: 'text', text: `Writing ${next.map(({ path }) => path).join(', ')}.` },
    ...next.map(({ path, content }) => toolCall('write_file', { path, content })),
  ]
}
