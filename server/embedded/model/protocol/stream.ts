import type { WireBlock, WireMessage } from './reply.ts'

/** One server-sent event. */
export interface Event {
  type: string
  [key: string]: unknown
}

/** Short pieces for words that a person watches, longer ones for files. Never inside a surrogate pair. */
function pieces(text: string): string[] {
  const size = text.length < 4000 ? 48 : 2000
  const found: string[] = []
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + size, text.length)
    if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '') && end < text.length) end++
    found.push(text.slice(at, end))
    at = end
  }
  return found
}

/** Each word with the space before it. */
const singly = (text: string): string[] => text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text ? [text] : [])

function emptied(block: WireBlock): object {
  if (block.type === 'text') return { ...block, text: '' }
  return block.type === 'thinking' ? { ...block, thinking: '', signature: '' } : { ...block, input: {} }
}

function* blockEvents(block: WireBlock, index: number, wordByWord: boolean): Generator<Event> {
  yield { type: 'content_block_start', index, content_block: emptied(block) }
  const cut = wordByWord ? singly : pieces
  if (block.type === 'thinking') {
    for (const thinking of cut(block.thinking)) yield { type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking } }
    yield { type: 'content_block_delta', index, delta: { type: 'signature_delta', signature: block.signature } }
  } else if (block.type === 'text') {
    for (const text of cut(block.text)) yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text } }
  } else {
    yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: '' } }
    for (const partial_json of pieces(JSON.stringify(block.input)))
      yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }
  }
  yield { type: 'content_block_stop', index }
}

/** A text's deltas that carry their number and the time at which they are sent; made one by one, as they are sent. */
function* stamped(count: number): Generator<Event> {
  for (let number = 1; number <= count; number++) {
    const text = ` [${number}:${(performance.timeOrigin + performance.now()).toFixed(3)}]`
    yield { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }
  }
}

/** The events of an answer that consists of stamped deltas. */
export function* stampedEvents(message: WireMessage, count: number): Generator<Event> {
  const [first, ping, ...rest] = [...eventsOf({ ...message, content: [] })] as [Event, Event, ...Event[]]
  yield first
  yield ping
  yield { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } }
  yield* stamped(count)
  yield { type: 'content_block_stop', index: 0 }
  yield* rest
}

/** All events of a message in the order in which the API sends them. */
export function* eventsOf(message: WireMessage, wordByWord = false): Generator<Event> {
  const { content, stop_reason, stop_sequence, usage, ...head } = message
  yield {
    type: 'message_start',
    message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  }
  yield { type: 'ping' }
  for (const [index, block] of content.entries()) yield* blockEvents(block, index, wordByWord)
  yield {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence, stop_details: null, container: null },
    usage: { output_tokens: usage.output_tokens },
  }
  yield { type: 'message_stop' }
}

export function sse(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
