import type { MessageParam } from '@anthropic-ai/sdk/resources/messages'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { imageTypes } from '@/server/chats/schema.ts'
import { models } from '@/server/models/schema.ts'
import { isLong, shortened, wholeLetters } from '../rules.ts'
import type { EngineRun } from './types.ts'

type Block = Exclude<MessageParam['content'], string>[number]
/** The same without halves of letters, wherever they stand. */
function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return wholeLetters(value) as T
  if (Array.isArray(value)) return value.map(wellFormed) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [wellFormed(key), wellFormed(part)])) as T
}

type FilePart = Extract<Part, { type: 'file' }>
/** Reads a handed-in file; null where it is gone or no key opens it. */
export type ReadFile = (attachmentId: string) => Promise<Buffer | null>

const mostTextBytes = 512 * 1024
const isText = (mediaType: string) => mediaType.startsWith('text/') || /json|xml|javascript|typescript|yaml|toml|csv/.test(mediaType)

/** A file as the model takes it: an image, a document, or a line that says what it is. */
async function fileBlock(part: FilePart, images: boolean, read: ReadFile): Promise<Block> {
  const bytes = await read(part.attachmentId)
  const said = (what: string): Block => ({
    type: 'text',
    text: `[File ${JSON.stringify(part.name)}, ${part.mediaType}, ${part.bytes} bytes: ${what}]`,
  })
  if (!bytes) return said('it is not there any more')
  if ((imageTypes as readonly string[]).includes(part.mediaType) && images) {
    const media_type = part.mediaType as (typeof imageTypes)[number]
    return { type: 'image', source: { type: 'base64', media_type, data: bytes.toString('base64') } }
  }
  if (part.mediaType === 'application/pdf')
    return { type: 'document', title: part.name, source: { type: 'base64', media_type: 'application/pdf', data: bytes.toString('base64') } }
  if (isText(part.mediaType) && bytes.length <= mostTextBytes)
    return { type: 'document', title: part.name, source: { type: 'text', media_type: 'text/plain', data: bytes.toString('utf8') } }
  return said('not shown; it lies in the folder under uploads/')
}

async function userContent(message: ChatMessage, images: boolean, read: ReadFile): Promise<Block[]> {
  const blocks: Block[] = []
  for (const part of message.parts ?? []) {
    if (part.type === 'file') blocks.push(await fileBlock(part, images, read))
    else if (part.type === 'text' && part.text.trim()) blocks.push({ type: 'text', text: part.text })
  }
  return blocks.length > 0 ? blocks : [{ type: 'text', text: '(nothing was said)' }]
}

function inputOf(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

type ToolPart = Extract<Part, { type: 'tool' }>
const resultOf = ({ callId, state, output }: ToolPart): Block => ({
  type: 'tool_result',
  tool_use_id: callId,
  content: output || (state === 'done' ? '(no output)' : 'This call did not come to its end.'),
  ...(state === 'done' ? {} : { is_error: true }),
})

function assistantBlock(part: Part, thinking: boolean): Block[] {
  if (part.type === 'text') return part.text.trim() ? [{ type: 'text', text: part.text }] : []
  if (part.type === 'tool') return [{ type: 'tool_use', id: part.callId, name: part.tool, input: inputOf(part.input) }]
  if (part.type !== 'thinking' || !thinking) return []
  if (part.redacted) return [{ type: 'redacted_thinking', data: part.redacted }]
  return part.signature ? [{ type: 'thinking', thinking: part.text, signature: part.signature }] : []
}

/** When an answer of many turns fills the context, outputs of calls before the latest turns are cut: the model has drawn its conclusions. */
const untouchedTurns = 4
const cutOutput = 400

/**
 * The model's answers within one message, each followed by what its tool calls brought.
 * @param wholeFrom outputs of calls in turns before this one are cut
 */
export function turnsOf(parts: readonly Part[], thinking: boolean, wholeFrom = 0): MessageParam[] {
  const messages: MessageParam[] = []
  const turns = [...new Set(parts.map(({ turn }) => turn))].sort((a, b) => a - b)
  for (const turn of turns) {
    const own = parts.filter((part) => part.turn === turn)
    const content = own.flatMap((part) => assistantBlock(part, thinking))
    const calls = own.filter((part): part is ToolPart => part.type === 'tool')
    if (content.length === 0) continue
    messages.push({ role: 'assistant', content })
    if (calls.length > 0)
      messages.push({
        role: 'user',
        content: calls.map((call) => resultOf(turn < wholeFrom ? { ...call, output: shortened(call.output, cutOutput) } : call)),
      })
  }
  return messages
}

/** Whether anything of a conversation that is too long could be cut. */
export const canBeCut = ({ history, parts, turnsDone }: Pick<EngineRun, 'history' | 'parts' | 'turnsDone'>): boolean =>
  [...history.flatMap((message) => message.parts ?? []), ...parts.filter(({ turn }) => turn < turnsDone - 1)].some(
    (part) => part.type === 'tool' && part.output.length > cutOutput,
  )

/** What somebody else's agent said: this one takes it for a part of the conversation, not for its own words. */
function quoted(message: ChatMessage): MessageParam {
  const text = (message.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('\n')
  return { role: 'user', content: [{ type: 'text', text: `[${message.agentName ?? 'Another agent'} answered]\n${text}` }] }
}

/**
 * The whole conversation as a request has it: the branch, then what there is of the answer. The end of it is marked for the model's cache.
 * @param tooLong the model took no more of it: outputs of all calls but the last turn's are cut
 */
export async function messagesOf(
  run: Pick<EngineRun, 'history' | 'parts' | 'config' | 'agentId' | 'usage' | 'turnsDone'>,
  read: ReadFile,
  tooLong = false,
): Promise<MessageParam[]> {
  const { images } = models[run.config.model]
  const long = tooLong || run.history.some(({ contextTokens }) => isLong(contextTokens, run.config))
  const messages: MessageParam[] = []
  for (const message of run.history) {
    if (message.parts === null) continue
    if (message.role === 'user') messages.push({ role: 'user', content: await userContent(message, images, read) })
    else if (message.role === 'summary')
      messages.push({
        role: 'user',
        content: [
          {
            type: 'text',
            text: `[What was said so far, summed up]\n${message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')}`,
          },
        ],
      })
    else if (message.agentId !== run.agentId) messages.push(quoted(message))
    else messages.push(...turnsOf(message.parts, false, long ? Number.POSITIVE_INFINITY : 0))
  }
  const filled = isLong(run.usage.contextTokens, run.config) ? run.turnsDone - untouchedTurns : 0
  const wholeFrom = tooLong ? run.turnsDone - 1 : filled
  messages.push(...turnsOf(run.parts, true, wholeFrom))
  const last = messages.at(-1)?.content
  const block = Array.isArray(last) ? last.at(-1) : undefined
  if (block && block.type !== 'thinking' && block.type !== 'redacted_thinking')
    Object.assign(block, { cache_control: { type: 'ephemeral' } })
  return wellFormed(messages)
}
