import { createHash } from 'node:crypto'
import type { Faults } from './faults.ts'
import type { CountRequest, MessageRequest } from './request.ts'
import { signatureOf } from './signature.ts'

/** What the model says, before it is put on the wire. */
export type Part =
  /** `words`: it is sent word by word. */
  | { type: 'text'; text: string; words?: boolean }
  | { type: 'thinking'; thinking: string }
  | { type: 'tool_use'; name: string; input: Record<string, unknown> }

export type WireBlock =
  | { type: 'text'; text: string; citations: null }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; id: string; name: string; input: object; caller: object }

export interface WireMessage {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: WireBlock[]
  stop_reason: 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'refusal'
  stop_sequence: string | null
  stop_details: null
  container: null
  usage: {
    input_tokens: number
    output_tokens: number
    cache_creation_input_tokens: number
    cache_read_input_tokens: number
    service_tier: 'standard'
  }
}

/** Letters of an id that depends on nothing but the request. */
export function digest(text: string, length = 24): string {
  return createHash('sha256').update(text).digest('base64url').replace(/[-_]/g, 'x').slice(0, length)
}

/** About four bytes a token, as English and code come out; Korean counts more, as it does in truth. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

/** Pictures and documents count by what they are, not by how they are sent. */
const imageTokens = 1_500
const withoutData = (key: string, value: unknown): unknown => (key === 'data' && typeof value === 'string' ? value.slice(0, 0) : value)

function attachmentTokens(request: CountRequest): number {
  const blocks = request.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content))
  return blocks
    .map(({ type, source }) => {
      if (type === 'image') return imageTokens
      const size = source?.data?.length ?? 0
      return source?.type === 'text' ? tokensOf(source.data ?? '') : Math.ceil(size / 40)
    })
    .reduce((sum, one) => sum + one, 0)
}

export function inputTokens(request: CountRequest): number {
  const { system, messages, tools } = request
  return (
    8 +
    messages.length * 4 +
    tokensOf(JSON.stringify(system ?? '')) +
    tokensOf(JSON.stringify(messages, withoutData)) +
    attachmentTokens(request) +
    (tools ? tokensOf(JSON.stringify(tools)) : 0)
  )
}

/** The longest start of a text within so many tokens. */
function within(text: string, tokens: number): string {
  return Buffer.from(text)
    .subarray(0, tokens * 4)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}

/** Ends the text where the request says: at a stop sequence, or where the tokens run out. */
function cut(
  text: string,
  request: MessageRequest,
  left: number,
): { text: string; stop: WireMessage['stop_reason'] | null; sequence: string | null } {
  const stops = (request.stop_sequences ?? []).map((sequence) => ({ sequence, at: text.indexOf(sequence) })).filter(({ at }) => at >= 0)
  const first = stops.sort((a, b) => a.at - b.at)[0]
  const kept = first ? text.slice(0, first.at) : text
  if (tokensOf(kept) > left) return { text: within(kept, left), stop: 'max_tokens', sequence: null }
  return { text: kept, stop: first ? 'stop_sequence' : null, sequence: first?.sequence ?? null }
}

function head(request: MessageRequest, seed: string, used: number): Omit<WireMessage, 'content' | 'stop_reason' | 'stop_sequence'> {
  return {
    id: `msg_${digest(seed)}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    stop_details: null,
    container: null,
    usage: {
      input_tokens: inputTokens(request),
      output_tokens: Math.max(1, used),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      service_tier: 'standard',
    },
  }
}

/** The message as the API would send it. Tool calls are sent whole or, past the first, not at all. */
export function toMessage(parts: Part[], request: MessageRequest, seed: string): WireMessage {
  const content: WireBlock[] = []
  let used = 0
  let stop: WireMessage['stop_reason'] | null = null
  let sequence: string | null = null
  for (const [index, part] of parts.entries()) {
    if (stop !== null) break
    if (part.type === 'text') {
      const ended = cut(part.text, request, request.max_tokens - used)
      content.push({ type: 'text', text: ended.text, citations: null })
      used += tokensOf(ended.text)
      stop = ended.stop
      sequence = ended.sequence
      continue
    }
    if (part.type === 'thinking') {
      content.push({ ...part, signature: signatureOf(part.thinking) })
      used += tokensOf(part.thinking)
      continue
    }
    const size = tokensOf(JSON.stringify(part.input)) + 12
    if (used + size > request.max_tokens && content.some(({ type }) => type === 'tool_use')) break
    content.push({
      type: 'tool_use',
      id: `toolu_${digest(`${seed}#${index}`)}`,
      name: part.name,
      input: part.input,
      caller: { type: 'direct' },
    })
    used += size
  }
  const reason = stop ?? (content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn')
  return { ...head(request, seed, used), content, stop_reason: reason, stop_sequence: sequence }
}

/** The message with an end that was asked for: refused, cut off half-way, or with nothing said. */
export function endedAs(message: WireMessage, { ending }: Faults): WireMessage {
  if (ending === null) return message
  if (ending === 'empty') return { ...message, content: [], stop_reason: 'end_turn', usage: { ...message.usage, output_tokens: 1 } }
  const text = message.content.find((block) => block.type === 'text')?.text ?? ''
  const kept = [...text].slice(0, Math.ceil([...text].length / 2)).join('')
  return { ...message, content: [{ type: 'text', text: kept, citations: null }], stop_reason: ending }
}
