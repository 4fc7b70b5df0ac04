import { afterAll, beforeAll, expect, it } from 'vitest'
import { AnswerInterrupted } from '@/server/ai/service.ts'
import { BuildEnded, StepFailure } from '@/server/builds/service.ts'
import { register } from '@/server/core/registry.ts'
import { testAi } from '@/server/testing/ai.ts'
import { meddling, refusing } from '@/server/testing/between.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { json, type MessagesApi, startMessagesApi } from '@/server/testing/messages-api.ts'
import { clientFor } from './model.ts'
import { modelFailure } from './stage.ts'

let database: TestDatabase
let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
let between: Awaited<ReturnType<typeof meddling>>

beforeAll(async () => {
  database = await testDatabase()
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url })
  between = await meddling(server.ai)
  register({ ai: between.ai })
})
afterAll(async () => {
  await between.stop()
  await server.stop()
  await api.stop()
  await database.drop()
})

const lines: string[] = []
async function client(budgetMicros = 1_000_000) {
  lines.length = 0
  const { projectId } = await makeProject()
  const run = { projectId, buildId: (await makeBuild(projectId)).id, budgetMicros }
  return clientFor(run, 'architect', { log: (line) => void lines.push(line) })
}
const asking = (content: Parameters<Awaited<ReturnType<typeof client>>['messages']['create']>[0]['messages'][number]['content']) => ({
  ...{ model: 'claude-haiku-5-5', max_tokens: 10 },
  messages: [{ role: 'user' as const, content }],
})
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it was answered'),
    (error) => modelFailure(error),
  )

it('what happens to a request on its way stands in the console, once for each thing', async () => {
  const model = await client()
  const busy = { type: 'error', error: { type: 'overloaded_error', message: 'later' } }
  api.answers = [json(529, busy, { 'retry-after-ms': '3' })]
  const data = 'TOKEN=abc'
  const document = { type: 'document' as const, title: '.env', source: { type: 'text' as const, media_type: 'text/plain' as const, data } }
  const secret = { type: 'text' as const, text: `use ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}` }
  for (let turn = 0; turn < 3; turn++) await model.messages.create(asking([document, secret]))
  expect(lines.sort()).toEqual([
    'Not shown to the model, because it is on the deny-list: .env',
    expect.stringMatching(/^Secrets were replaced before the request left: [a-z-]+\.$/),
    'The model is busy (status 529); asking again in 1 s (attempt 2).',
  ])
})

it('why there is no answer is said in words', async () => {
  const spent = await client(0)
  expect(await failureOf(spent.messages.create(asking('hi')))).toBeInstanceOf(BuildEnded)
  const model = await client()
  between.instead.push(refusing('unknown-caller'))
  const unknown = await failureOf(model.messages.create(asking('hi')))
  expect(unknown).toBeInstanceOf(StepFailure)
  expect(unknown?.message).toBe('The AI server does not know this app: its public key is missing in the list of callers.')
  between.instead.push('hang up', 'hang up')
  const gone = await failureOf(model.messages.create(asking('hi'), { maxRetries: 0 }))
  expect(gone?.message).toMatch(/^The answer broke off before its end/)
  expect(modelFailure(new AnswerInterrupted())?.message).toMatch(/^The answer broke off before its end/)
  register({ ai: { ...between.ai, url: () => 'http://127.0.0.1:1' } })
  expect((await failureOf(model.messages.create(asking('hi'), { maxRetries: 0 })))?.message).toBe('The AI server does not answer.')
})
