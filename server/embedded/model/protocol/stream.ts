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

function* blockEvents(block: WireBlock, index: number): Generator<Event> {
  const empty = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} }
  yield { type: 'content_block_start', index, content_block: empty }
  if (block.type === 'text') {
    for (const text of pieces(block.text)) yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text } }
  } else {
    yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: '' } }
    for (const partial_json of pieces(JSON.stringify(block.input)))
      yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }
  }
  yield { type: 'content_block_stop', index }
}

/** All events of a message in the order in which the API sends them. */
export function* eventsOf(message: WireMessage): Generator<Event> {
  const { content, stop_reason, stop_sequence, usage, ...head } = message
  yield {
    type: 'message_start',
    message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  }
  yield { type: 'ping' }
  for (const [index, block] of content.entries()) yield* blockEvents(block, index)
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
