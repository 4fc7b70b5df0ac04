import { placeholderPattern } from './placeholders.ts'
import type { Redacted } from './types.ts'

/** What each placeholder of one request stands for. */
export type Names = ReadonlyMap<string, string>

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** Puts secrets back into a text; `levels` says in how many JSON strings, one inside the other, the text stands. */
export function restored(text: string, names: Names, levels: number): string {
  return text.replace(placeholderPattern, (name) => {
    let secret = names.get(name)
    if (secret === undefined) return name
    for (let level = 0; level < levels; level++) secret = inJson(secret)
    return secret
  })
}

interface Answer {
  content?: { type?: string; text?: unknown }[]
}

/**
 * Puts secrets back into a JSON answer. Where the request asked for an answer that is JSON itself, its text is JSON inside JSON, and a
 * quotation mark in a secret must not end a string of it.
 */
export function restoreText(json: string, names: Names, structured: boolean): string {
  if (!structured) return restored(json, names, 1)
  try {
    const answer = JSON.parse(json) as Answer
    for (const block of answer.content ?? []) {
      if (block.type === 'text' && typeof block.text === 'string') block.text = restored(block.text, names, 1)
    }
    return restored(JSON.stringify(answer), names, 1)
  } catch {
    return restored(json, names, 1)
  }
}

/** The field of a delta that carries text, and in how many JSON strings a placeholder in it stands. */
const deltas: Record<string, { field: string; levels: number }> = {
  text_delta: { field: 'text', levels: 0 },
  thinking_delta: { field: 'thinking', levels: 0 },
  input_json_delta: { field: 'partial_json', levels: 1 },
}

interface StreamEvent {
  type?: string
  index?: number
  delta?: Record<string, unknown> & { type?: string }
}

/** Where the tail begins that may become a placeholder of this request with what comes next. */
function tailOf(text: string, names: Names): number {
  // A placeholder has one M, its first letter.
  const start = text.lastIndexOf('M')
  if (start === -1) return text.length
  const tail = text.slice(start)
  for (const name of names.keys()) if (tail.length < name.length && name.startsWith(tail)) return start
  return text.length
}

const dataOf = (event: string) =>
  event
    .split(/\r\n|\r|\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n')

function parsed(event: string): StreamEvent | null {
  try {
    return JSON.parse(dataOf(event)) as StreamEvent
  } catch {
    return null
  }
}

/** Reads an answer event by event; `next` gives what may go on, `end` what was still held back. */
export function streamRestorer(names: Names, structured: boolean) {
  const held = new Map<number, { delta: string; text: string }>()
  const say = (index: number, delta: string, text: string) => {
    const { field } = deltas[delta] ?? { field: 'text' }
    const event = { type: 'content_block_delta', index, delta: { type: delta, [field]: text } }
    return `event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`
  }
  const release = (index: number) => {
    const rest = held.get(index)
    held.delete(index)
    return rest ? say(index, rest.delta, rest.text) : ''
  }
  const releaseAll = () => [...held.keys()].map(release).join('')
  const onDelta = (raw: string, index: number, delta: string, text: string): string => {
    const { levels = 0 } = deltas[delta] ?? {}
    const before = held.get(index)
    const first = before && before.delta !== delta ? release(index) : ''
    const whole = (first ? '' : (before?.text ?? '')) + text
    const tail = tailOf(whole, names)
    if (tail < whole.length) held.set(index, { delta, text: whole.slice(tail) })
    else held.delete(index)
    const out = restored(whole.slice(0, tail), names, structured && delta === 'text_delta' ? 1 : levels)
    if (out === text) return first + raw
    return first + (out === '' ? '' : say(index, delta, out))
  }
  return {
    next(raw: string): string {
      const event = parsed(raw)
      const { index, delta } = event ?? {}
      const text = delta?.[deltas[delta.type ?? '']?.field ?? '']
      if (event?.type === 'content_block_delta' && index !== undefined && delta?.type && typeof text === 'string')
        return onDelta(raw, index, delta.type, text)
      // What was held back belongs before whatever ends or continues its block in another way; a ping does neither.
      const first = event?.type === 'ping' || !event ? '' : index === undefined ? releaseAll() : release(index)
      return first + restored(raw, names, 1)
    },
    end: releaseAll,
  }
}

const eventEnd = /\r\n\r\n|\n\n|\r\r/g

/** Puts secrets back into an event stream, holding back no more than what may become a placeholder. */
export function restoreStream(names: Names, structured: boolean): ReturnType<Redacted['restoreStream']> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const encoder = new TextEncoder()
  const events = streamRestorer(names, structured)
  let buffer = ''
  let searched = 0
  const take = (text: string): string => {
    buffer += text
    let out = ''
    let from = 0
    eventEnd.lastIndex = Math.max(0, searched - 3)
    for (let match = eventEnd.exec(buffer); match; match = eventEnd.exec(buffer)) {
      out += events.next(buffer.slice(from, eventEnd.lastIndex))
      from = eventEnd.lastIndex
    }
    buffer = buffer.slice(from)
    searched = buffer.length
    return out
  }
  return new TransformStream({
    transform(chunk, controller) {
      const out = take(decoder.decode(chunk, { stream: true }))
      if (out) controller.enqueue(encoder.encode(out))
    },
    flush(controller) {
      // A stream that was cut off ends within an event; what was held back is whole.
      const out = take(decoder.decode()) + events.end()
      if (out || buffer) controller.enqueue(encoder.encode(out + restored(buffer, names, 1)))
    },
  })
}
