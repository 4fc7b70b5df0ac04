import { type Block, type Message, type MessageRequest, messagesOf } from '../protocol/request.ts'
import type { Call } from './calls.ts'

/** What came of one call. */
export interface Done extends Call {
  result: string
  failed: boolean
}

/** Where a conversation stands, as its messages alone tell. */
export interface Standing {
  /** What the person said last, and before. */
  asked: string
  earlier: string[]
  /** What came with it besides words. */
  attached: Block[]
  /** How many of the model's turns have called tools since, and what came of that. */
  turns: number
  done: Done[]
}

/** What programs put around a person's words is no word of theirs, and what was said before is not said now. */
function wordsOf(message: Message): string {
  return message.blocks
    .map(({ type, text }) => (type === 'text' ? (text ?? '') : ''))
    .join('\n')
    .replace(/<(system-reminder|conversation|begun|command-[a-z]+|local-command-[a-z]+)>[\s\S]*?<\/\1>/g, '')
    .trim()
}

/** The text of a tool's result, whichever way it was sent. */
export function resultText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((one) => (one as { text?: unknown }).text)
    .filter((text) => typeof text === 'string')
    .join('\n')
}

const isAttached = ({ type }: Block) => type === 'image' || type === 'document'
const isSaid = (message: Message) => message.role === 'user' && (wordsOf(message) !== '' || message.blocks.some(isAttached))
const answersTools = ({ blocks }: Message) => blocks.some(({ type }) => type === 'tool_result')

function doneSince(messages: Message[]): Done[] {
  const blocks = messages.flatMap((message) => message.blocks)
  const results = new Map(
    blocks.flatMap((block) => (block.type === 'tool_result' && block.tool_use_id ? [[block.tool_use_id, block]] : [])),
  )
  return blocks.flatMap((block) => {
    const result = block.type === 'tool_use' ? results.get(block.id ?? '') : undefined
    if (!result) return []
    const input = (block.input ?? {}) as Record<string, unknown>
    return [{ name: block.name ?? '', input, result: resultText(result.content), failed: result.is_error === true }]
  })
}

/** Reads where the conversation of a request stands. */
export function standingOf(request: MessageRequest): Standing {
  const messages = messagesOf(request)
  const at = messages.findLastIndex((message) => isSaid(message) && !answersTools(message))
  const since = messages.slice(at + 1)
  // Files and words may come as messages of their own, one right after the other.
  let from = at
  while (from > 0 && messages[from - 1]?.role === 'user' && !answersTools(messages[from - 1] as Message)) from--
  const asked = messages.slice(Math.max(from, 0), at + 1)
  return {
    asked: asked.map(wordsOf).filter(Boolean).join('\n'),
    earlier: messages
      .slice(0, Math.max(from, 0))
      .filter((message) => isSaid(message) && !answersTools(message))
      .map(wordsOf),
    attached: asked.flatMap(({ blocks }) => blocks.filter(isAttached)),
    turns: since.filter(({ role, blocks }) => role === 'assistant' && blocks.some(({ type }) => type === 'tool_use')).length,
    done: doneSince(since),
  }
}
