import { NonRetriableError } from 'inngest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { parseEnv } from '@/server/core/env.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { until } from '@/server/testing/until.ts'
import { type Executor, startExecutor } from './executor.ts'
import { silent } from './fixture.ts'

let database: TestDatabase
let executor: Executor

const words = ['left in a body', 'left in a step', 'left in a cause', 'left for good', 'left in a failure', 'left after a step']
const boom = (text: string): never => {
  throw Object.assign(new Error(text, { cause: new Error('left in a cause') }), { detail: text })
}
let told: unknown

beforeAll(async () => {
  database = await testDatabase()
  const client = makeInngest(parseEnv({}), silent)
  const make = (id: string, body: Parameters<typeof client.createFunction>[1]) =>
    client.createFunction({ id, triggers: [{ event: 'go' }], retries: 1 }, body)
  const failing = client.createFunction(
    {
      id: 'failing',
      triggers: [{ event: 'go' }],
      retries: 0,
      onFailure: async ({ error }) => {
        told = error.message
        boom('left in a failure')
      },
    },
    async () => boom('left in a body'),
  )
  const functions = [
    failing,
    make('step', async ({ step }) => void (await step.run('bad', () => boom('left in a step')))),
    make('final', async ({ step }) => {
      await step.run('worse', () => {
        throw new NonRetriableError('left for good')
      })
    }),
    make('after', async ({ step }) => {
      await step.run('good', () => 1)
      boom('left after a step')
    }),
  ]
  const { pool } = database
  executor = await startExecutor({ pool, inngest: client, functions, clock: systemClock, log: silent, pollMs: 15, backoffMs: [1] })
  await client.send({ name: 'go', data: {} })
})
afterAll(async () => {
  await executor.stop()
  await database.drop()
})

test('what functions and steps throw leaves no word in the tables of the executor', async () => {
  const failed = async () => (await database.pool.query(`SELECT count(*)::int AS n FROM executor_run WHERE status = 'failed'`)).rows[0].n
  await until(async () => (await failed()) === 5)
  const { rows: tables } = await database.pool.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'executor%'`,
  )
  expect(tables.length).toBeGreaterThanOrEqual(3)
  const rows = await Promise.all(tables.map(({ name }) => database.pool.query(`SELECT row_to_json(t)::text AS row FROM "${name}" t`)))
  const stored = rows.flatMap((result) => result.rows.map(({ row }) => row)).join('\n')
  for (const text of words) expect(stored).not.toContain(text)
  expect(stored).toContain('The step bad broke.')
  expect(told).toBe('The function failing broke.')
})
