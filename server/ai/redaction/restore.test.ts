import { describe, expect, it } from 'vitest'
import { seededRandom } from '@/server/testing/planted.ts'
import { restored, restoreStream, restoreText } from './restore.ts'

const name = (digit: string) => `MAESTRO_SECRET_${digit.repeat(24)}`
const names = new Map([
  [name('a'), 'plain-secret'],
  [name('b'), 'with "quotes", \\ and\nlines'],
  [`MAESTRO_SECRET_${'a'.repeat(23)}b`, '한국어🙂'],
  ['MAESTRO_SECRET_0123456789abcdef01234567', 'MAESTRO'],
])
const encoder = new TextEncoder()

type Delta = { type: string; text?: string; partial_json?: string; thinking?: string; signature?: string }
type Event = { type: string; index?: number; delta?: Delta; content_block?: object }
const write = (event: Event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

async function through(chunks: Uint8Array[], structured = false): Promise<string> {
  const stream = restoreStream(names, structured)
  const writer = stream.writable.getWriter()
  const written = (async () => {
    for (const chunk of chunks) await writer.write(chunk)
    await writer.close()
  })()
  const text = await new Response(stream.readable).text()
  await written
  return text
}

/** What a client makes of a stream: each block's text, one delta after the other. */
function blocksOf(stream: string): Record<number, string> {
  const blocks: Record<number, string> = {}
  for (const part of stream.split('\n\n').filter(Boolean)) {
    const event = JSON.parse(part.slice(part.indexOf('data: ') + 6)) as Event
    const { index, delta } = event
    if (index === undefined || !delta) continue
    blocks[index] = (blocks[index] ?? '') + (delta.text ?? delta.partial_json ?? delta.thinking ?? delta.signature ?? '')
  }
  return blocks
}

const kinds = [
  { type: 'text_delta', field: 'text' },
  { type: 'input_json_delta', field: 'partial_json' },
  { type: 'thinking_delta', field: 'thinking' },
] as const

describe('an event stream', () => {
  const random = seededRandom(42)
  const below = (n: number) => Math.floor(random() * n)
  const pieces = [
    ...names.keys(),
    name('f'),
    'MAESTRO_SECRET_',
    'MAESTRO_',
    'M',
    'ME',
    'hello ',
    '{"a":',
    '한',
    '🙂',
    '\\n',
    name('a').slice(0, 30),
    '"',
    ' ',
  ]
  const cut = <T extends { length: number; slice(from: number, to: number): T }>(whole: T, most: number): T[] => {
    const parts: T[] = []
    for (let at = 0; at < whole.length; ) {
      const next = Math.min(whole.length, at + 1 + below(most))
      parts.push(whole.slice(at, next))
      at = next
    }
    return parts
  }

  it('comes out the same however it is split into deltas and chunks', async () => {
    for (let round = 0; round < 300; round++) {
      const blocks = Array.from({ length: 1 + below(3) }, () => ({
        kind: kinds[below(3)] ?? kinds[0],
        text: Array.from({ length: below(12) }, () => pieces[below(pieces.length)]).join(''),
      }))
      const open = blocks.map(({ kind, text }, index) => ({ index, kind, deltas: cut(text, 1 + below(40)) }))
      let stream = write({ type: 'message_start' })
      // Blocks may even come interleaved.
      while (open.some(({ deltas }) => deltas.length > 0)) {
        const one = open[below(open.length)]
        const text = one?.deltas.shift()
        if (one && text !== undefined)
          stream += write({ type: 'content_block_delta', index: one.index, delta: { type: one.kind.type, [one.kind.field]: text } })
        if (below(10) === 0) stream += write({ type: 'ping' })
      }
      const closed =
        round % 5 === 0
          ? ''
          : open.map(({ index }) => write({ type: 'content_block_stop', index })).join('') + write({ type: 'message_stop' })
      const out = await through(cut(encoder.encode(stream + closed), 1 + below(200)))
      const expected = blocks.map(({ kind, text }) => restored(text, names, kind.field === 'partial_json' ? 1 : 0))
      const got = blocksOf(out)
      expect(expected.map((_, i) => got[i] ?? '')).toEqual(expected)
      if (closed) expect(out.endsWith(write({ type: 'message_stop' }))).toBe(true)
    }
  })

  it('holds back only what may become a placeholder, and no longer than its block', async () => {
    const stream = restoreStream(names, false)
    const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()]
    const next = async (text: string) => {
      void writer.write(encoder.encode(text))
      return new TextDecoder().decode((await reader.read()).value)
    }
    const delta = (text: string) => write({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
    expect(await next(delta('at once'))).toBe(delta('at once'))
    expect(await next(delta('then MAESTRO_SEC'))).toBe(delta('then '))
    expect(await next(delta('OND'))).toBe(delta('MAESTRO_SECOND'))
    expect(await next(delta('x M') + write({ type: 'content_block_stop', index: 0 }))).toBe(
      delta('x ') + delta('M') + write({ type: 'content_block_stop', index: 0 }),
    )
  })

  it('lets signatures, states, other line ends and what is no JSON pass unchanged', async () => {
    const signature = write({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'MAESTRO_SEC' } })
    const others = `${signature}: a comment\n\nevent: ping\r\ndata: {"type": "ping"}\r\n\r\ndata: no json\n\ndata: cut off in the mid`
    expect(await through([encoder.encode(others)])).toBe(others)
  })

  it('escapes once more where the text itself is JSON', async () => {
    const text = `{"a":"${name('b')}"}`
    const out = await through([encoder.encode(write({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }))], true)
    expect(JSON.parse(blocksOf(out)[0] ?? '')).toEqual({ a: names.get(name('b')) })
  })

  it('restores whole events such as the start of a block', async () => {
    const start = { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', input: { [name('a')]: name('b') } } }
    expect(await through([encoder.encode(write(start))])).toContain(JSON.stringify({ 'plain-secret': names.get(name('b')) }))
  })
})

describe('a JSON answer', () => {
  it('stays JSON whatever the secrets hold', () => {
    const answer = {
      content: [
        { type: 'text', text: [...names.keys()].join(' ') },
        { type: 'tool_use', input: { deep: [{ key: name('b') }] } },
      ],
      usage: { input_tokens: 1 },
    }
    const back = JSON.parse(restoreText(JSON.stringify(answer), names, false)) as typeof answer
    expect(back.content[0]?.text).toBe([...names.values()].join(' '))
    expect(back.content[1]?.input?.deep[0]?.key).toBe(names.get(name('b')))
  })

  it('that is no JSON is restored all the same', () => {
    expect(restoreText(`upstream said ${name('a')}`, names, true)).toBe('upstream said plain-secret')
  })
})
