import { setImmediate as breathe } from 'node:timers/promises'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import * as data from '../data.ts'
import { branchTo, type Node } from '../rules.ts'
import type { ChatMessage, exportFormats, Part } from '../schema.ts'
import { openMessages, ownChat, shownLeaf } from '../thread/reading.ts'
import { openTitle } from '../thread/views.ts'

export type ExportFormat = (typeof exportFormats)[number]
const messagesAtOnce = 200

/** A block of code whose fence is longer than any in it. */
function fenced(text: string, language = ''): string {
  let longest = 2
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

const plainLine = (text: string) => text.replace(/[\r\n]+/g, ' ').trim()

function partText(part: Part): string {
  if (part.type === 'text') return part.text
  if (part.type === 'thinking') return part.text === '' ? '' : part.text.replace(/^/gm, '> ')
  if (part.type === 'tool')
    return [`**${part.tool}** (${part.state})`, fenced(part.input, 'json'), ...(part.output ? [fenced(part.output)] : [])].join('\n\n')
  if (part.type === 'file') return `[${plainLine(part.name)}] ${part.mediaType}, ${part.bytes} B`
  if (part.type === 'sources')
    return part.items.map(({ name, page }) => `- ${plainLine(name)}${page === null ? '' : `, ${page}`}`).join('\n')
  return ''
}

const speakers = { user: 'User', assistant: 'Assistant', summary: 'Summary' } as const
function markdownOf(message: ChatMessage): string {
  const who = plainLine(message.agentName ?? speakers[message.role])
  const texts = message.parts?.map(partText).filter(Boolean) ?? ['*unreadable*']
  return `\n## ${who} · ${message.createdAt}\n\n${texts.join('\n\n')}\n`
}

async function* pieces(spaceId: ProjectId, sessionId: string, nodes: readonly Node[], ids: readonly string[]): AsyncGenerator<ChatMessage> {
  for (let at = 0; at < ids.length; at += messagesAtOnce) {
    yield* await openMessages(spaceId, sessionId, nodes, ids.slice(at, at + messagesAtOnce))
    await breathe()
  }
}

/** What an export says of a message: all that was said, and what it took. */
const toldOf = ({ runId: _run, siblings: _siblings, ...message }: ChatMessage) => message

/**
 * A conversation as the text of a file, a piece at a time: the branch that is shown, or every message there is.
 * @throws AppError NOT_FOUND before anything is written
 */
export async function exportChat(actorId: ActorId, sessionId: string, format: ExportFormat, all: boolean): Promise<AsyncGenerator<string>> {
  const row = await ownChat(actorId, sessionId)
  const [nodes, title] = await Promise.all([data.findNodes(sessionId), openTitle(row.spaceId, sessionId, row.titleSealed)])
  const shown = shownLeaf(nodes, row.leafId)
  const ids = all ? nodes.map(({ id }) => id) : branchTo(nodes, shown)
  const messages = pieces(row.spaceId, sessionId, nodes, ids)
  async function* markdown(): AsyncGenerator<string> {
    yield `# ${plainLine(title ?? row.createdAt.toISOString())}\n`
    for await (const message of messages) yield markdownOf(message)
  }
  async function* json(): AsyncGenerator<string> {
    const head = { format: 'maestro-chat-1', id: row.id, title, createdAt: row.createdAt, shownLeaf: shown }
    yield `${JSON.stringify(head).slice(0, -1)},"messages":[`
    let first = true
    for await (const message of messages) {
      yield `${first ? '' : ','}\n${JSON.stringify(toldOf(message))}`
      first = false
    }
    yield ']}\n'
  }
  return format === 'md' ? markdown() : json()
}

/** All of a person's conversations for the export of their account, one after the other; what no key opens is null in it. */
export async function* conversationsOf(actorId: ActorId): AsyncGenerator<unknown> {
  for (const row of await data.findAll(actorId)) {
    const { spaceId } = await ownChat(actorId, row.id)
    const nodes = await data.findNodes(row.id)
    const messages: unknown[] = []
    for await (const message of pieces(
      spaceId,
      row.id,
      nodes,
      nodes.map(({ id }) => id),
    ))
      messages.push(toldOf(message))
    yield { id: row.id, title: await openTitle(spaceId, row.id, row.titleSealed), createdAt: row.createdAt, status: row.status, messages }
  }
}
