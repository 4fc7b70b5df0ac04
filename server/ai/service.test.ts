import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { testAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { budgetSpentType } from './schema.ts'
import { modelClient, type Notice, usageOf } from './service.ts'

let database: TestDatabase
let server: Awaited<ReturnType<typeof testAi>>
let api: Server
let answers: ((response: ServerResponse) => void)[]

const message = (usage: object) => ({
  id: 'm',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: 'hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage,
})
const json =
  (status: number, body: unknown, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers }).end(JSON.stringify(body))

beforeAll(async () => {
  database = await testDatabase()
  api = createServer((_request, response) => answers.shift()?.(response))
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  server = await testAi({ baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}` })
  register({ ai: server.ai })
})
afterAll(async () => {
  await server.stop()
  api.close()
  await database.drop()
})

const ask = { model: 'claude-haiku-5-5', max_tokens: 10, messages: [{ role: 'user' as const, content: 'hi' }] }
async function build() {
  const project = await makeProject()
  return { projectId: project.projectId, buildId: (await makeBuild(project.id)).id }
}

describe('the ledger', () => {
  it('has a row for each call, with tokens, cost in millionths of a dollar, and the role', async () => {
    const { projectId, buildId } = await build()
    answers = [
      json(200, message({ input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 10 })),
      json(200, message({ input_tokens: 1, output_tokens: 1 })),
    ]
    const client = modelClient(projectId, { name: 'architect', buildId })
    await client.messages.create(ask)
    await client.messages.create(ask)
    expect(await usageOf(projectId, buildId)).toMatchObject([
      { role: 'architect', calls: 2, inputTokens: 1011, outputTokens: 101, costMicros: 1501 + 6 },
    ])
    expect(await usageOf((await makeProject()).projectId, buildId)).toEqual([])
  })

  it('counts a stream by its events, and a stream that is cut by what had come', async () => {
    const { projectId, buildId } = await build()
    const start = `event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message: message({ input_tokens: 7, output_tokens: 1 }) })}\n\n`
    const end = `event: message_delta\ndata: ${JSON.stringify({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } })}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`
    const stream = (text: string, cut: boolean) => (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(text, () => (cut ? response.destroy() : response.end()))
    }
    answers = [stream(start + end, false), stream(start, true)]
    const client = modelClient(projectId, { name: 'qa-engineer', buildId })
    await client.messages.stream(ask).finalMessage()
    await expect(client.messages.stream(ask).finalMessage()).rejects.toThrow()
    const usage = await until(async () => {
      const rows = await usageOf(projectId, buildId)
      return rows[0]?.calls === 2 ? rows : undefined
    })
    expect(usage).toMatchObject([{ inputTokens: 14, outputTokens: 6 }])
  })

  it('says how often the AI server had to wait for the model, and tells it while it does; the SDK does not ask once more', async () => {
    const { projectId, buildId } = await build()
    const error = { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }
    answers = [
      json(429, error, { 'retry-after-ms': '1' }),
      json(529, error, { 'retry-after-ms': '2' }),
      json(200, message({ input_tokens: 2, output_tokens: 2 })),
    ]
    const notices: Notice[] = []
    const purpose = { name: 'architect', buildId, notify: (notice: Notice) => void notices.push(notice) }
    await modelClient(projectId, purpose).messages.create(ask)
    expect(await usageOf(projectId, buildId)).toMatchObject([{ calls: 1, inputTokens: 2 }])
    const rows = await database.pool.query('SELECT status, waits, failure FROM "ModelCall" WHERE "buildId" = $1', [buildId])
    expect(rows.rows).toEqual([{ status: 200, waits: 2, failure: null }])
    expect(notices).toEqual([
      { kind: 'waiting', status: 429, waitMs: 1, attempt: 1 },
      { kind: 'waiting', status: 529, waitMs: 2, attempt: 2 },
    ])
  })

  it('keeps what the model refused, with its status', async () => {
    const { projectId, buildId } = await build()
    answers = [json(400, { type: 'error', error: { type: 'invalid_request_error', message: 'no' } })]
    await expect(modelClient(projectId, { name: 'architect', buildId }).messages.create(ask)).rejects.toMatchObject({ status: 400 })
    const rows = await database.pool.query('SELECT status, waits, failure FROM "ModelCall" WHERE "buildId" = $1', [buildId])
    expect(rows.rows).toEqual([{ status: 400, waits: 0, failure: null }])
  })
})

it('an answer that was paid for is handed on once, also where the ledger cannot be written', async () => {
  const { projectId, buildId } = await build()
  answers = [json(200, message({ input_tokens: 1, output_tokens: 1 })), json(200, message({ input_tokens: 1, output_tokens: 1 }))]
  await database.pool.query('ALTER TABLE "ModelCall" RENAME TO "Away"')
  try {
    expect((await modelClient(projectId, { name: 'architect', buildId }).messages.create(ask)).usage.input_tokens).toBe(1)
  } finally {
    await database.pool.query('ALTER TABLE "Away" RENAME TO "ModelCall"')
  }
  expect(answers).toHaveLength(1)
})

it('once the budget of a build is spent, no call leaves any more', async () => {
  const { projectId, buildId } = await build()
  answers = [json(200, message({ input_tokens: 1000, output_tokens: 1000 })), json(200, message({ input_tokens: 1, output_tokens: 1 }))]
  const client = modelClient(projectId, { name: 'architect', buildId, budgetMicros: 5000 })
  await client.messages.create(ask)
  await expect(client.messages.create(ask)).rejects.toMatchObject({ status: 402, error: { error: { type: budgetSpentType } } })
  expect(answers).toHaveLength(1)
})
