import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { makeLogger } from '@/server/core/logger.ts'
import { testAi } from '@/server/testing/ai.ts'
import { event, eventsOf, json, type MessagesApi, message, startMessagesApi, stream } from '@/server/testing/messages-api.ts'
import { ask, freeClaims, post, question, sealFor } from '@/server/testing/sealed.ts'
import { until } from '@/server/testing/until.ts'
import { EnvelopeRefusal } from '../envelope/types.ts'
import { openTally } from './tally.ts'

let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
let ahead = 0
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead }

beforeAll(async () => {
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url, clock })
})
beforeEach(() => {
  ahead = 0
  api.asked = []
  api.answers = []
})
afterAll(async () => {
  await server.stop()
  await api.stop()
})

describe('a budget', () => {
  const budgetOf = (id: string, limitMicros: number, spentMicros = 0) =>
    freeClaims({ project: 'project', budget: { id, limitMicros, spentMicros } })

  it('is spent by what answers cost, streamed or not, though the caller knows nothing of it', async () => {
    const id = randomUUID()
    // 1,000 tokens in and 100 out of the cheapest model are 1,500 millionths of a dollar.
    const usage = { input_tokens: 1_000, output_tokens: 100 }
    api.answers = [
      json(200, message('a', usage)),
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventsOf(['b'], usage).join('')),
    ]
    expect((await ask(server.ai, { claims: budgetOf(id, 3_000) })).whole).toBe(true)
    expect((await ask(server.ai, { claims: budgetOf(id, 3_000) })).whole).toBe(true)
    expect(await ask(server.ai, { claims: budgetOf(id, 3_000) })).toMatchObject({ status: 402, refusal: { code: 'budget-spent' } })
    expect(api.asked).toHaveLength(2)
    // Another build, and the same name in another project, have budgets of their own.
    expect((await ask(server.ai, { claims: budgetOf(randomUUID(), 3_000) })).whole).toBe(true)
    expect((await ask(server.ai, { claims: { ...budgetOf(id, 3_000), project: 'another' } })).whole).toBe(true)
  })

  it('is spent by what the caller knows of, where that is more', async () => {
    const id = randomUUID()
    expect((await ask(server.ai, { claims: budgetOf(id, 3_000, 3_000) })).refusal).toEqual({ code: 'budget-spent' })
    // What was said once is not unsaid.
    expect((await ask(server.ai, { claims: budgetOf(id, 3_000, 0) })).refusal).toEqual({ code: 'budget-spent' })
    expect((await ask(server.ai, { claims: budgetOf(id, 3_001, 0) })).whole).toBe(true)
  })

  it('is spent by a stream that breaks off, as far as it had come', async () => {
    const id = randomUUID()
    const [start = ''] = eventsOf(['x'], { input_tokens: 2_000, output_tokens: 1 })
    api.answers = [(response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(start, () => response.destroy())]
    expect((await ask(server.ai, { claims: budgetOf(id, 2_000) })).whole).toBe(false)
    expect((await ask(server.ai, { claims: budgetOf(id, 2_000) })).refusal).toEqual({ code: 'budget-spent' })
  })
})

describe('limits of a project', () => {
  it('calls at once: the next one is let in as soon as one is over, however it ended', async () => {
    const claims = freeClaims({ limits: { concurrent: 2, perMinute: 100 } })
    const held: (() => void)[] = []
    api.answers = [1, 2].map(() => (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event({ type: 'ping' }))
      held.push(() => response.end())
    })
    const stop = new AbortController()
    const first = ask(server.ai, { claims, signal: stop.signal }).catch(() => undefined)
    const second = ask(server.ai, { claims })
    await until(() => held.length === 2)
    const third = await ask(server.ai, { claims })
    expect(third).toMatchObject({ status: 429, refusal: { code: 'too-many', retryAfterMs: 1_000 } })
    // Another project is not concerned.
    expect((await ask(server.ai)).whole).toBe(true)
    stop.abort()
    await first
    await until(async () => (await ask(server.ai, { claims })).whole, { everyMs: 30 })
    for (const end of held) end()
    await second
  })

  it('calls a minute: told when to come again, and let in then', async () => {
    const claims = freeClaims({ limits: { concurrent: 10, perMinute: 3 } })
    const begun = clock.now()
    for (let i = 0; i < 3; i++) expect((await ask(server.ai, { claims })).whole).toBe(true)
    const { refusal } = await ask(server.ai, { claims })
    expect(refusal?.code).toBe('too-many')
    expect(clock.now() + (refusal?.retryAfterMs ?? 0)).toBeGreaterThanOrEqual(begun + 60_000)
    ahead = (refusal?.retryAfterMs ?? 0) + 1
    expect((await ask(server.ai, { claims, now: clock.now() })).whole).toBe(true)
  })

  it('a caller cannot use up what is another one’s', async () => {
    const tally = openTally(10)
    const claims = (iss: string) => ({ iss, ...freeClaims({ project: 'p', limits: { concurrent: 1, perMinute: 1 } }) }) as never
    tally.admit(claims('a'), 0)
    expect(() => tally.admit(claims('a'), 1)).toThrow(EnvelopeRefusal)
    expect(() => tally.admit(claims('b'), 1)).not.toThrow()
  })

  it('so many projects and budgets are remembered, and no more', () => {
    const tally = openTally(100)
    const claims = (n: number) =>
      ({ iss: 'a', ...freeClaims({ project: `p${n}`, budget: { id: `${n}`, limitMicros: 10, spentMicros: 0 } }) }) as never
    const leases = Array.from({ length: 100 }, (_, n) => tally.admit(claims(n), 0))
    expect(() => tally.admit(claims(100), 1)).toThrow('too-many')
    for (const lease of leases) lease.end()
    // Idle ones make room after their minute.
    for (let n = 100; n < 1_000; n++) tally.admit(claims(n), n * 60_001).end()
  })
})

describe('what it keeps', () => {
  const fragments = ['PLANTED-question-4be1', 'PLANTED-answer-9cd2', 'PLANTED-error-77aa', 'PLANTED-header-01ff', 'sk-PLANTED-key-5c3d']
  const [inQuestion, inAnswer, inError, inHeader, inKey] = fragments as [string, string, string, string, string]

  it('logs ids, sizes, times and codes; no word of a request or an answer, at any level', async () => {
    let log = ''
    const destination = new Writable({
      write(chunk, _encoding, done) {
        log += chunk
        done()
      },
    })
    const chatty = await testAi({
      baseUrl: api.url,
      apiKey: inKey,
      log: makeLogger('trace', destination),
      bounds: { retries: 1, waitingMs: 50 },
    })
    const body = JSON.stringify({ ...JSON.parse(question.body), messages: [{ role: 'user', content: inQuestion }] })
    const request = { ...question, headers: { 'anthropic-beta': inHeader }, body }
    const error = { type: 'error', error: { type: 'overloaded_error', message: inError } }
    api.answers = [
      json(200, message(inAnswer)),
      stream([inAnswer, inQuestion]),
      json(400, error, { 'request-id': inHeader }),
      json(529, error, { 'retry-after-ms': '1' }),
      json(529, error, { 'retry-after-ms': '1' }),
      (response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event({ type: inAnswer }), () => response.destroy()),
      (response) => response.destroy(new Error(inError)),
      (response) => response.socket?.end(`HTTP/1.1 ${inError}\r\n\r\n`),
    ]
    for (let i = 0; i < 7; i++) await ask(chatty.ai, { request })
    const sealed = await sealFor(chatty.ai, {
      request,
      claims: freeClaims({ purpose: inQuestion, budget: { id: inQuestion, limitMicros: 0, spentMicros: 1 } }),
    })
    expect((await post(chatty.ai.url(), sealed.jwe)).refusal).toEqual({ code: 'budget-spent' })
    expect((await post(chatty.ai.url(), body)).refusal).toEqual({ code: 'not-sealed' })
    await ask(chatty.ai, { request: { ...request, headers: { 'anthropic-beta': `${inHeader}\r\nx: y` } } })
    await until(() => log.includes('budget-spent') && log.includes('malformed'))
    expect(log).toContain('a request was answered')
    for (const fragment of [...fragments, 'PLANTED']) expect(log).not.toContain(fragment)
    await chatty.stop()
  })

  it('and nothing stays: a thousand requests leave the heap as it was', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const words = Array.from({ length: 40 }, () => 'word '.repeat(50))
    api.usual = stream(words)
    const request = { ...question, body: JSON.stringify({ model: 'claude-haiku-5-5', pad: 'x'.repeat(20_000) }) }
    const claims = freeClaims()
    const some = async (count: number) => {
      for (let i = 0; i < count; i += 20) await Promise.all(Array.from({ length: 20 }, () => ask(server.ai, { request, claims })))
      api.asked = []
      gc()
      return process.memoryUsage().heapUsed
    }
    const before = await some(200)
    const after = await some(1_000)
    api.usual = json(200, message('hello'))
    // A thousand requests of 20 KB and answers of 15 KB would be 35 MB.
    expect(after - before).toBeLessThan(12_000_000)
  })
})
