import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { testAi } from '@/server/testing/ai.ts'
import { event, eventsOf, json, type MessagesApi, message, startMessagesApi, stream } from '@/server/testing/messages-api.ts'
import { ask, question } from '@/server/testing/sealed.ts'
import { until } from '@/server/testing/until.ts'
import type { Frame } from '../envelope/types.ts'

let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
let slept: number[]
/** Waits are written down instead of waited. */
const clock: Clock = {
  ...systemClock,
  random: () => 0,
  async sleep(ms, signal) {
    signal?.throwIfAborted()
    slept.push(ms)
  },
}

beforeAll(async () => {
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url, apiKey: 'the-key', clock })
})
beforeEach(() => {
  api.asked = []
  api.answers = []
  slept = []
})
afterAll(async () => {
  await server.stop()
  await api.stop()
})

const kinds = (frames: readonly Frame[]) => frames.map(({ kind }) => kind)
const headOf = (frames: readonly Frame[]) => frames.find((frame) => frame.kind === 'head')
const dataOf = (frames: readonly Frame[]) => frames.flatMap((frame) => (frame.kind === 'data' ? [Buffer.from(frame.bytes).toString()] : []))

describe('the call of Claude', () => {
  it('passes the request on as it came, with the key, and the answer back as it is', async () => {
    api.answers = [json(200, { hello: 'world' }, { 'anthropic-ratelimit-requests-remaining': '7', 'set-cookie': 'a=b' })]
    const body = '{ "model":"claude-haiku-5-5", "text": "안녕" }'
    const stolen = { authorization: 'Bearer of-somebody', 'x-api-key': 'k', cookie: 'a=b', host: 'elsewhere', 'x-forwarded-for': '1.2.3.4' }
    const answer = await ask(server.ai, { request: { path: '/v1/messages', headers: { ...stolen, 'anthropic-beta': 'x-1' }, body } })
    expect(answer).toMatchObject({ status: 200, whole: true, text: '{"hello":"world"}' })
    const { headers } = headOf(answer.frames) as { headers: Record<string, string> }
    expect(headers).toMatchObject({ 'request-id': 'req_1', 'anthropic-ratelimit-requests-remaining': '7' })
    expect(Object.keys(headers)).not.toContain('set-cookie')
    expect(api.asked).toMatchObject([{ url: '/v1/messages', body, headers: { authorization: 'Bearer the-key', 'anthropic-beta': 'x-1' } }])
    for (const name of ['cookie', 'x-api-key', 'x-forwarded-for']) expect(Object.keys(api.asked[0]?.headers ?? {})).not.toContain(name)
  })

  it('counts tokens, too', async () => {
    api.answers = [json(200, { input_tokens: 3 })]
    const answer = await ask(server.ai, { request: { ...question, path: '/v1/messages/count_tokens' } })
    expect([api.asked[0]?.url, answer.text]).toEqual(['/v1/messages/count_tokens', '{"input_tokens":3}'])
  })

  it('gives errors of the API as they are, byte for byte', async () => {
    const body = '{"type":"error",  "error":{"type":"invalid_request_error","message":"max_tokens: 필수"}}'
    api.answers = [(response) => response.writeHead(400, { 'content-type': 'application/json', 'request-id': 'req_e' }).end(body)]
    const answer = await ask(server.ai)
    expect(answer.text).toBe(body)
    expect(headOf(answer.frames)).toMatchObject({ status: 400, headers: { 'request-id': 'req_e' } })
    expect(Object.keys((headOf(answer.frames) as { headers: object }).headers)).not.toContain('x-should-retry')
  })

  it('takes no header that cannot be sent', async () => {
    const answer = await ask(server.ai, { request: { ...question, headers: { 'anthropic-version': 'a\r\nx-api-key: b' } } })
    expect(answer).toMatchObject({ status: 422, refusal: { code: 'malformed' } })
    expect(api.asked).toEqual([])
  })
})

describe('a stream', () => {
  it('comes event by event, in order, each in a frame of its own', async () => {
    const words = Array.from({ length: 200 }, (_, i) => `w${i} `)
    api.answers = [stream(words)]
    const answer = await ask(server.ai)
    expect(answer.whole).toBe(true)
    expect(dataOf(answer.frames)).toEqual(eventsOf(words))
  })

  it('is passed on before it is whole, whatever pieces it comes in', async () => {
    let upstream: ServerResponse | undefined
    const [first, second] = [event({ type: 'ping' }), event({ type: 'ping', note: '두 번째' })]
    api.answers = [
      (response) => {
        upstream = response.writeHead(200, { 'content-type': 'text/event-stream' })
        upstream.write(first)
      },
    ]
    const frames: Frame[] = []
    const answering = ask(server.ai, { onFrame: (frame) => frames.push(frame) })
    await until(() => dataOf(frames).length === 1)
    const bytes = Buffer.from(second)
    const cut = bytes.indexOf(Buffer.from('두')) + 1
    upstream?.write(bytes.subarray(0, cut))
    await until(() => upstream?.writableLength === 0)
    upstream?.end(bytes.subarray(cut))
    expect(dataOf((await answering).frames)).toEqual([first, second])
  })

  it('that the API cuts off has no end', async () => {
    api.answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(event({ type: 'ping' }), () => response.destroy())
      },
    ]
    const answer = await ask(server.ai)
    expect([answer.whole, kinds(answer.frames)]).toEqual([false, ['head', 'data']])
  })

  it('is fetched no faster than the caller reads it', async () => {
    let written = 0
    api.answers = [
      async (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const one = event({ type: 'ping', pad: 'x'.repeat(64 * 1024) })
        for (let i = 0; i < 2_000 && !response.destroyed; i++) {
          written++
          if (!response.write(one))
            await new Promise((resolve) => response.setMaxListeners(0).once('drain', resolve).once('close', resolve))
        }
      },
    ]
    const stop = new AbortController()
    const answering = ask(server.ai, { signal: stop.signal, pause: true })
    // It stands still once what lies between is full, long before the 128 MB are through.
    let before = -1
    await until(
      () => {
        const still = written > 0 && written === before
        before = written
        return still
      },
      { everyMs: 300, what: 'an upstream that waits' },
    )
    expect(written).toBeLessThan(500)
    stop.abort()
    await answering.catch(() => undefined)
  })
})

describe('a caller that hangs up', () => {
  it('ends the call of Claude at once', async () => {
    let ended = false
    api.answers = [
      (response) => {
        response.on('close', () => {
          ended = true
        })
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event({ type: 'ping' }))
      },
    ]
    const stop = new AbortController()
    const answering = ask(server.ai, { signal: stop.signal, onFrame: ({ kind }) => kind === 'data' && stop.abort() })
    await answering.catch(() => undefined)
    await until(() => ended)
  })

  it('also before the first word, and while it waits for a model that is busy', async () => {
    let open = 0
    const hang = (response: ServerResponse) => {
      open++
      response.on('close', () => open--)
    }
    const stop = new AbortController()
    api.answers = [hang]
    const answering = ask(server.ai, { signal: stop.signal }).catch(() => undefined)
    await until(() => open === 1)
    stop.abort()
    await answering
    await until(() => open === 0)

    let leftAlone = 0
    const patient = await testAi({
      baseUrl: api.url,
      // A wait without an end but that of the call.
      clock: {
        ...systemClock,
        sleep: (_ms, signal) =>
          new Promise((_, reject) => {
            const stopped = () => {
              leftAlone++
              reject(signal?.reason)
            }
            if (signal?.aborted) stopped()
            else signal?.addEventListener('abort', stopped)
          }),
      },
    })
    const leave = new AbortController()
    api.asked = []
    api.answers = [json(529, {}, { 'retry-after-ms': '150' })]
    await ask(patient.ai, { signal: leave.signal, onFrame: () => leave.abort() }).catch(() => undefined)
    await until(() => leftAlone === 1)
    expect((await ask(patient.ai)).whole).toBe(true)
    expect(api.asked).toHaveLength(2)
    await patient.stop()
  })
})

describe('a model that is busy', () => {
  const busy = (status: number, headers = {}) =>
    json(status, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, headers)

  it('is asked again after the wait it gives, and the caller is told of each as a state', async () => {
    const soon = new Date(Date.now() + 30_000).toUTCString()
    api.answers = [busy(429, { 'retry-after-ms': '120' }), busy(529, { 'retry-after': '3' }), busy(503, { 'retry-after': soon }), busy(500)]
    const answer = await ask(server.ai)
    expect(answer.frames.slice(0, 4)).toMatchObject([
      { kind: 'state', state: 'waiting', status: 429, waitMs: 120, attempt: 1 },
      { kind: 'state', status: 529, waitMs: 3_000, attempt: 2 },
      { kind: 'state', status: 503, attempt: 3 },
      { kind: 'state', status: 500, waitMs: 4_000, attempt: 4 },
    ])
    expect(slept[2]).toBeGreaterThan(5_000)
    expect(slept[2]).toBeLessThanOrEqual(30_000)
    expect(headOf(answer.frames)).toMatchObject({ status: 200 })
    expect(answer.text).toBe(JSON.stringify(message('hello')))
    expect(api.asked).toHaveLength(5)
  })

  it('is given up after some times, with its own answer, which need not be asked for once more', async () => {
    api.answers = Array.from({ length: 7 }, () => busy(529, { 'retry-after-ms': '1' }))
    const answer = await ask(server.ai)
    expect(headOf(answer.frames)).toMatchObject({ status: 529, headers: { 'x-should-retry': 'false' } })
    expect(answer.text).toContain('overloaded_error')
    expect(api.asked).toHaveLength(7)
  })

  it('is not waited for longer than all waiting may take', async () => {
    api.answers = [busy(429, { 'retry-after': '200' }), busy(429, { 'retry-after': '200' })]
    const answer = await ask(server.ai)
    expect(headOf(answer.frames)).toMatchObject({ status: 429, headers: { 'retry-after': '200' } })
    expect(slept).toEqual([200_000])
  })

  it('that says not to ask again is not', async () => {
    api.answers = [busy(529, { 'x-should-retry': 'false' })]
    expect(headOf((await ask(server.ai)).frames)).toMatchObject({ status: 529 })
    expect(api.asked).toHaveLength(1)
  })

  it('and one that is not there is tried again, and then told of', async () => {
    const gone = await startMessagesApi()
    const alone = await testAi({ baseUrl: gone.url, clock, bounds: { retries: 2 } })
    await gone.stop()
    const answer = await ask(alone.ai)
    expect(kinds(answer.frames)).toEqual(['state', 'state', 'head', 'data', 'end'])
    expect(headOf(answer.frames)).toMatchObject({ status: 502 })
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'error', error: { type: 'api_error' } })
    await alone.stop()
  })
})
