import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AiLink } from '@/server/core/ai-link.ts'
import { systemClock } from '@/server/core/clock.ts'
import { AppError } from '@/server/core/errors.ts'
import { register } from '@/server/core/registry.ts'
import { testAi } from '@/server/testing/ai.ts'
import { type Instead, meddling, refusing } from '@/server/testing/between.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeUser } from '@/server/testing/factories.ts'
import { eventsOf, json, type MessagesApi, message, startMessagesApi, stream } from '@/server/testing/messages-api.ts'
import { until } from '@/server/testing/until.ts'
import { refusalCodes } from '../envelope/types.ts'
import { AnswerInterrupted, aiServerErrorType, interruptedType, modelClient, type Notice, settleInterrupted } from '../service.ts'
import type { Purpose } from './types.ts'

let database: TestDatabase
let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
let between: Awaited<ReturnType<typeof meddling>>

beforeAll(async () => {
  database = await testDatabase()
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url })
  between = await meddling(server.ai)
})
afterAll(async () => {
  await between.stop()
  await server.stop()
  await api.stop()
  await database.drop()
})
beforeEach(() => {
  // Pauses between tries pass at once.
  register({ ai: between.ai, clock: { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(0, signal) } })
  Object.assign(api, { asked: [], answers: [] })
  between.instead.length = 0
  between.bodies.length = 0
})

const ask = { model: 'claude-haiku-5-5', max_tokens: 10, messages: [{ role: 'user' as const, content: 'hi' }] }
const once = { maxRetries: 0 }
async function start(over: Partial<Purpose> = {}) {
  const { projectId } = await makeProject()
  const build = await makeBuild(projectId, { createdById: (await makeUser()).id })
  const notices: Notice[] = []
  const purpose = { name: 'architect', buildId: build.id, notify: (notice: Notice) => void notices.push(notice), ...over }
  return { projectId, build, notices, client: modelClient(projectId, purpose) }
}
const rowsOf = async (projectId: string) =>
  (await database.pool.query('SELECT * FROM "ModelCall" WHERE "projectId" = $1 ORDER BY "startedAt", id', [projectId])).rows
const settled = (projectId: string) =>
  until(async () => {
    const rows = await rowsOf(projectId)
    return rows.length > 0 && rows.every(({ status, failure }) => status !== 0 || failure !== null) ? rows : null
  })
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

describe('a sending in the ledger', () => {
  it('says who sent what, in which files, to which key, and what it cost', async () => {
    const { projectId, build, client } = await start()
    const data = 'export const answer = 42\n'
    const document = {
      type: 'document' as const,
      title: 'src/a.ts',
      source: { type: 'text' as const, media_type: 'text/plain' as const, data },
    }
    const content = [document, { type: 'text' as const, text: 'Look at this.' }]
    await client.messages.create({ ...ask, messages: [{ role: 'user', content }] })
    const [row] = await rowsOf(projectId)
    const left = api.asked[0]?.body ?? ''
    expect(row).toMatchObject({
      ...{ buildId: build.id, buildNumber: build.number, actorId: build.createdById, purpose: 'architect', model: ask.model, demo: true },
      ...{ status: 200, failure: null, requestId: 'req_1', inputTokens: 10, outputTokens: 5, costMicros: '35', waits: 0 },
      ...{ bytes: Buffer.byteLength(left), sha256: sha(left), keyId: (await server.ai.serverKey()).kid, redactions: [], withheld: [] },
      ...{ files: [{ path: 'src/a.ts', bytes: data.length, sha256: sha(data) }], fileCount: 1 },
    })
    expect(row.sealedBytes).toBe(between.bodies[0]?.length)
  })

  it('names whoever asks, where that is not who started the build, and files that cannot be seen in the request', async () => {
    const somebody = await makeUser()
    const files = [{ path: 'packed.tar', bytes: 3, sha256: sha('abc') }]
    const { projectId, client } = await start({ actorId: somebody.id, files })
    await client.messages.create(ask)
    expect((await rowsOf(projectId))[0]).toMatchObject({ actorId: somebody.id, files, fileCount: 1 })
  })

  it('is there while the answer is still to come, and settled before its end is told', async () => {
    const { projectId, client } = await start()
    let goOn = () => {}
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const events = eventsOf(['one', 'two'])
    api.answers = [
      async (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(events[0])
        await gate
        response.end(events.slice(1).join(''))
      },
    ]
    const answer = await client.messages.create({ ...ask, stream: true })
    const [open] = await until(async () => ((await rowsOf(projectId)).length > 0 ? rowsOf(projectId) : null))
    expect(open).toMatchObject({ status: 0, failure: null, outputTokens: 0 })
    goOn()
    let words = ''
    for await (const event of answer)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') words += event.delta.text
    expect(words).toBe('onetwo')
    expect((await rowsOf(projectId))[0]).toMatchObject({ status: 200, failure: null, inputTokens: 10, outputTokens: 2 })
  })

  it('does not keep the answer waiting for the ledger', async () => {
    const { projectId, client } = await start()
    api.answers = [stream(['quick'])]
    const lock = await database.pool.connect()
    await lock.query('BEGIN')
    await lock.query('LOCK TABLE "ModelCall" IN EXCLUSIVE MODE')
    const reader = (await client.messages.create({ ...ask, stream: true }))[Symbol.asyncIterator]()
    const first = await reader.next()
    expect(first.value).toMatchObject({ type: 'message_start' })
    await lock.query('COMMIT')
    lock.release()
    for (let next = await reader.next(); !next.done; next = await reader.next());
    expect(await rowsOf(projectId)).toMatchObject([{ status: 200, failure: null }])
  })

  it('is settled as cancelled where whoever asked does not wait, before and during the answer', async () => {
    const { projectId, client } = await start()
    const gone = new AbortController()
    let reached = false
    api.answers = [
      () => {
        reached = true
      },
    ]
    const waiting = client.messages.create(ask, { signal: gone.signal })
    await until(() => reached)
    gone.abort()
    await expect(waiting).rejects.toThrow(/aborted/)
    api.answers = [(response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(eventsOf(['x'])[0])]
    for await (const _event of await client.messages.create({ ...ask, stream: true })) break
    expect(await settled(projectId)).toMatchObject([
      { status: 0, failure: 'cancelled' },
      { status: 200, failure: 'cancelled', inputTokens: 10 },
    ])
  })

  it('that a killed process left open is settled at the next start, and no other', async () => {
    const { projectId, client } = await start()
    await client.messages.create(ask)
    const reopen = (set: string) =>
      database.pool.query(`UPDATE "ModelCall" SET status = 0, failure = NULL, ${set} WHERE "projectId" = $1`, [projectId])
    await reopen('"startedAt" = now()')
    await settleInterrupted()
    expect(await rowsOf(projectId)).toMatchObject([{ failure: null }])
    await settleInterrupted(Date.now() + 60_000)
    expect(await rowsOf(projectId)).toMatchObject([{ status: 0, failure: 'interrupted' }])
    await reopen(`node = 'elsewhere', "startedAt" = now()`)
    await settleInterrupted(Date.now() + 60_000)
    expect(await rowsOf(projectId)).toMatchObject([{ failure: null }])
    await reopen(`"startedAt" = now() - interval '2 hours'`)
    expect(await settleInterrupted()).toBe(1)
    expect(await rowsOf(projectId)).toMatchObject([{ failure: 'interrupted' }])
  })
})

describe('before a request leaves', () => {
  const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`

  it('secrets become placeholders that come back in the answer, as a document and as a stream', async () => {
    const { projectId, notices, client } = await start()
    const content = `use ${secret} for it`
    api.answers = [
      (response, asked) => json(200, message(JSON.parse(asked.body).messages[0].content))(response, asked),
      (response, asked) => stream(JSON.parse(asked.body).messages[0].content.match(/.{1,7}/g))(response, asked),
    ]
    const request = { ...ask, messages: [{ role: 'user' as const, content }] }
    expect((await client.messages.create(request)).content).toMatchObject([{ text: content }])
    expect((await client.messages.stream(request).finalMessage()).content).toMatchObject([{ text: content }])
    for (const { body } of api.asked) expect(body).not.toContain(secret)
    const rows = await rowsOf(projectId)
    expect(rows).toMatchObject([{ redactionCount: 1 }, { redactionCount: 1 }])
    expect(rows[0].redactions).toEqual([{ rule: expect.any(String), count: 1 }])
    expect(notices).toEqual([0, 1].map(() => ({ kind: 'redacted', redactions: rows[0].redactions })))
  })

  it('what lies on a denied path is left out, as the project’s settings are at this moment', async () => {
    const { projectId, notices, client } = await start()
    const data = 'the plan of the merger'
    const document = {
      type: 'document' as const,
      title: 'plans/merger.md',
      source: { type: 'text' as const, media_type: 'text/plain' as const, data },
    }
    const request = { ...ask, messages: [{ role: 'user' as const, content: [document] }] }
    await client.messages.create(request)
    await database.pool.query('INSERT INTO "AiSettings" ("projectId", "denyPaths") VALUES ($1, $2)', [projectId, ['plans/**']])
    await client.messages.create(request)
    expect(api.asked.map(({ body }) => body.includes(data))).toEqual([true, false])
    expect(await rowsOf(projectId)).toMatchObject([
      { fileCount: 1, withheldCount: 0 },
      { fileCount: 0, withheldCount: 1, withheld: ['plans/merger.md'] },
    ])
    expect(notices).toEqual([{ kind: 'withheld', paths: ['plans/merger.md'] }])
  })

  it('credentials stay here, whatever the SDK was given', async () => {
    const { client } = await start()
    await client.messages.create(ask, { headers: { 'x-api-key': 'sk-other', cookie: 'a=b', 'anthropic-beta': 'x' } })
    const text = JSON.stringify(api.asked)
    expect(text).not.toMatch(/sk-other|a=b|sealed/)
    expect(api.asked[0]?.headers).toMatchObject({ 'anthropic-beta': 'x', authorization: 'Bearer test' })
  })

  it('an address that is none of the Messages API does not leave', async () => {
    const { projectId, client } = await start()
    await expect(client.models.list()).rejects.toMatchObject({ status: 400 })
    expect(between.bodies).toHaveLength(0)
    expect(await rowsOf(projectId)).toEqual([])
  })
})

describe('what the AI server refuses', () => {
  const failing = async (instead: Instead[], options = once) => {
    const { projectId, client, notices } = await start()
    between.instead.push(...instead)
    const error = await client.messages.create(ask, options).then(
      () => null,
      (thrown) => thrown,
    )
    return { error, notices, rows: await rowsOf(projectId) }
  }

  it.each(['old', 'early', 'before-start', 'replayed', 'altered'])('is sealed anew where it is %s', async (code) => {
    const { error, rows } = await failing([refusing(code), refusing(code, 5)])
    expect(error).toBeNull()
    expect(rows.map(({ failure, status }) => failure ?? status)).toEqual([code, code, 200])
    expect(new Set(between.bodies.map(String)).size).toBe(3)
    expect((await failing([refusing(code), refusing(code), refusing(code)])).error).toMatchObject({ status: 503 })
  })

  it('waits where there is no room, tells so, and gives up after a while', async () => {
    const { error, rows, notices } = await failing([refusing('too-many', 1_500), refusing('too-many', 900)])
    expect(error).toBeNull()
    expect(rows.map(({ failure, status }) => failure ?? status)).toEqual(['too-many', 'too-many', 200])
    expect(notices).toEqual([
      { kind: 'waiting', status: 429, waitMs: 1_500, attempt: 1 },
      { kind: 'waiting', status: 429, waitMs: 900, attempt: 2 },
    ])
    const never = await failing(
      Array.from({ length: 9 }, () => refusing('too-many', 100_000)),
      { maxRetries: 4 },
    )
    expect(never.error).toMatchObject({ status: 429, error: { error: { type: aiServerErrorType } } })
    expect(never.rows).toHaveLength(4)
  })

  it('a spent budget is the same answer as the app’s own', async () => {
    const { error } = await failing([refusing('budget-spent')], { maxRetries: 4 })
    expect(error).toMatchObject({ status: 402, error: { error: { type: 'budget_spent_error' } } })
  })

  it.each(refusalCodes)('%s ends in words, and nothing of the request stands in them', async (code) => {
    const { error } = await failing(Array.from({ length: 4 }, () => refusing(code, 100_000)))
    expect(error.message).not.toMatch(/\bhi\b|haiku/)
    expect(error.error.error.message).toMatch(/\.$/)
  })

  it('what is too large is not even sent', async () => {
    const { projectId, client } = await start()
    const content = 'x'.repeat(41 * 1024 * 1024)
    await expect(client.messages.create({ ...ask, messages: [{ role: 'user', content }] })).rejects.toMatchObject({ status: 413 })
    expect(between.bodies).toHaveLength(0)
    expect(await rowsOf(projectId)).toEqual([])
  })

  it('words of somebody in between are no answer', async () => {
    const page = { status: 502, text: '<h1>Bad gateway</h1>' }
    const { error, rows } = await failing([page])
    expect(error).toMatchObject({ status: 503, error: { error: { type: aiServerErrorType } } })
    expect(rows).toMatchObject([{ failure: 'unreachable' }])
    expect((await failing([page], { maxRetries: 1 })).error).toBeNull()
  })
})

describe('an AI server that is gone', () => {
  it('before the answer: the SDK asks again with a new envelope, and both stand in the ledger', async () => {
    const { projectId, client } = await start()
    // A connection that was open already is replaced once, so it may take two.
    between.instead.push('hang up', 'hang up')
    expect((await client.messages.create(ask, { maxRetries: 2 })).content).toMatchObject([{ text: 'hello' }])
    const rows = await rowsOf(projectId)
    expect(rows[0]).toMatchObject({ status: 0, failure: 'interrupted' })
    expect(rows.at(-1)).toMatchObject({ status: 200, failure: null })
    between.instead.push('hang up', 'hang up')
    await expect(client.messages.create(ask, once)).rejects.toMatchObject({ status: 503, error: { error: { type: interruptedType } } })
  })

  it('in the middle of a document: nothing of it is taken for an answer', async () => {
    const { projectId, client } = await start()
    api.answers = [
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"half":', () => response.destroy()),
      json(200, message('whole')),
    ]
    expect((await client.messages.create(ask, { maxRetries: 1 })).content).toMatchObject([{ text: 'whole' }])
    expect(await rowsOf(projectId)).toMatchObject([{ failure: 'interrupted' }, { status: 200, failure: null }])
  })

  it('in the middle of a stream: an error of its own that says it may be asked again', async () => {
    const { projectId, client } = await start()
    const cut = (response: Parameters<(typeof api.answers)[number]>[0]) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write(eventsOf(['a', 'b']).slice(0, 4).join(''), () => response.destroy())
    api.answers = [cut, cut]
    const read = async () => {
      for await (const event of await client.messages.create({ ...ask, stream: true })) expect(event.type).not.toBe('message_stop')
    }
    for (const work of [read(), client.messages.stream(ask).finalMessage()]) {
      const error = await work.then(
        () => expect.fail('half an answer was taken for whole'),
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(AnswerInterrupted)
      expect(error).toMatchObject({ retriable: true, type: interruptedType })
    }
    expect(await settled(projectId)).toMatchObject([
      { status: 200, failure: 'interrupted', inputTokens: 10, outputTokens: 2 },
      { status: 200, failure: 'interrupted' },
    ])
  })

  it('where nobody listens, or it does not start: said in words, and tried again', async () => {
    const { projectId, client } = await start()
    register({ ai: { ...link(), url: () => 'http://127.0.0.1:1' } })
    await expect(client.messages.create(ask, once)).rejects.toMatchObject({ status: 503, error: { error: { type: aiServerErrorType } } })
    expect(await rowsOf(projectId)).toMatchObject([{ failure: 'unreachable', status: 0 }])
    const silent = () => Promise.reject(new AppError('UNAVAILABLE', 'The AI server is asleep.'))
    register({ ai: { ...link(), serverKey: silent } })
    await expect(client.messages.create(ask, once)).rejects.toThrow(/asleep/)
    expect(await rowsOf(projectId)).toHaveLength(1)
  })

  it('restarted in the middle of a stream: the same may be asked at once, and is answered', async () => {
    const first = await testAi({ baseUrl: api.url })
    let ai: AiLink = first.ai
    register({ ai: { demo: true, caller: first.ai.caller, serverKey: first.ai.serverKey, url: () => ai.url() } })
    const { projectId, client } = await start()
    api.answers = [(response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(eventsOf(['a'])[0])]
    const reader = (await client.messages.create({ ...ask, stream: true }))[Symbol.asyncIterator]()
    await reader.next()
    await first.stop()
    await expect(reader.next()).rejects.toBeInstanceOf(AnswerInterrupted)
    await expect(client.messages.create(ask, once)).rejects.toMatchObject({ status: 503 })
    const second = await testAi({ baseUrl: api.url })
    ai = second.ai
    register({ ai })
    expect((await client.messages.create(ask)).content).toMatchObject([{ text: 'hello' }])
    expect((await settled(projectId)).map(({ failure, status }) => failure ?? status)).toEqual(['interrupted', 'unreachable', 200])
    await second.stop()
  })
})

/** The way through the meddler, as a plain object. */
function link(): AiLink {
  const { demo, caller, serverKey, url } = between.ai
  return { demo, caller, serverKey, url }
}
