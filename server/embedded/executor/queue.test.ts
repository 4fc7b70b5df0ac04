import { type Inngest, type InngestFunction, NonRetriableError } from 'inngest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { until } from '@/server/testing/until.ts'
import type { ExecutorOptions } from './executor.ts'
import { type Bench, bench } from './fixture.ts'

let database: TestDatabase
let current: Bench | undefined
let seen: string[]

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  seen = []
  await database.pool.query('TRUNCATE executor_run CASCADE')
})
afterEach(() => current?.executor.stop(0))

async function start(make: (client: Inngest.Any) => InngestFunction.Any[], options?: Partial<ExecutorOptions>): Promise<Bench> {
  current = await bench(database.pool, make, options)
  return current
}

/** Starts one function `f` on the event `go`, sends it, waits for the end and answers the run. */
async function runOne(
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's context depends on middleware that tests do not have
  body: (context: any) => Promise<unknown>,
  { retries = 1, checkpointing = true, parallel = true }: { retries?: 0 | 1 | 2 | 3; checkpointing?: boolean; parallel?: boolean } = {},
) {
  const { runs, send, executor } = await start((client) => [
    client.createFunction(
      { id: 'f', triggers: [{ event: 'go' }], retries, checkpointing, ...(parallel ? {} : { optimizeParallelism: false }) },
      body,
    ),
  ])
  await send({ name: 'go', data: { n: 1 } })
  await executor.idle()
  const [run] = await runs('f')
  if (!run) throw new Error('the event started no run')
  return run
}

const exists = async (sql: string) => ((await database.pool.query(sql)).rowCount ?? 0) > 0

const note = (what: string) => () => {
  seen.push(what)
  return what
}

describe('starting once', () => {
  const idempotent = (client: Inngest.Any) => [
    client.createFunction({ id: 'plain', triggers: [{ event: 'go' }] }, async () => 1),
    client.createFunction({ id: 'keyed', idempotency: 'event.data.order', triggers: [{ event: 'go' }] }, async () => 1),
  ]

  test('an event id starts each function once, and so does an idempotency key', async () => {
    const { send, runs, executor } = await start(idempotent)
    await send({ name: 'go', id: 'a', data: { order: 1 } })
    await send({ name: 'go', id: 'a', data: { order: 2 } })
    await send({ name: 'go', id: 'b', data: { order: 1 } })
    await executor.idle()
    expect(await runs('plain')).toHaveLength(2)
    expect(await runs('keyed')).toHaveLength(2)
  })

  test('a repeated POST of the same send starts nothing, a new send of the same event does', async () => {
    const { client, runs, executor, send } = await start(idempotent)
    const post = () =>
      client.fetch('http://executor.invalid/e/x', {
        method: 'POST',
        headers: { 'x-inngest-event-id-seed': '1,abc' },
        body: '{"name":"go","data":{}}',
      })
    const ids = await Promise.all([post(), post(), post()].map(async (answer) => (await (await answer).json()).ids[0]))
    expect(new Set(ids).size).toBe(1)
    await send({ name: 'go' })
    await executor.idle()
    expect(await runs('plain')).toHaveLength(2)
  })

  test.each([
    ['a name of the executor', { name: 'inngest/function.failed', data: {} }],
    ['no name', { data: {} }],
    ['data that is not an object', { name: 'go', data: 7 }],
  ])('refuses events with %s', async (_, event) => {
    const { client, runs } = await start(idempotent)
    const answer = await client.fetch('http://executor.invalid/e/x', { method: 'POST', body: JSON.stringify(event) })
    expect(answer.status).toBe(400)
    expect(await runs('plain')).toEqual([])
  })
})

describe('cancelling', () => {
  test('ends matching runs, whatever they do, and no others', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const { send, runs, executor } = await start((client) => [
      client.createFunction(
        { id: 'f', cancelOn: [{ event: 'stop', if: 'async.data.n == event.data.n' }], triggers: [{ event: 'go' }] },
        async ({ step, event }) => {
          await step.run('work', async () => {
            seen.push(`work ${event.data.n}`)
            if (event.data.n !== 2) await released
          })
          if (event.data.n === 2) await step.sleep('rest', '1h')
          await step.run('after', note(`after ${event.data.n}`))
        },
      ),
      client.createFunction(
        { id: 'heard', triggers: [{ event: 'inngest/function.cancelled' }] },
        async ({ event }) => event.data.function_id,
      ),
    ])
    await send([1, 2, 3].map((n) => ({ name: 'go', data: { n } })))
    await until(() => seen.length === 3)
    await until(() => exists("SELECT 1 FROM executor_job WHERE kind = 'sleep'"))
    await send([
      { name: 'stop', data: { n: 1 } },
      { name: 'stop', data: { n: 2 } },
      { name: 'stop', data: {} },
    ])
    release()
    await executor.idle()
    expect((await runs('f')).map((run) => run.status).toSorted()).toEqual(['cancelled', 'cancelled', 'completed'])
    expect(seen.filter((what) => what.startsWith('after'))).toEqual(['after 3'])
    expect((await runs('heard')).map((run) => run.result)).toEqual(['maestro-f', 'maestro-f'])
  })

  test('an event that both starts and cancels leaves the newest run', async () => {
    const { send, runs, executor } = await start((client) => [
      client.createFunction({ id: 'f', cancelOn: [{ event: 'go', match: 'data.key' }], triggers: [{ event: 'go' }] }, async ({ step }) =>
        step.sleep('long', '1h'),
      ),
    ])
    for (const key of ['a', 'a', 'b', 'a']) await send({ name: 'go', data: { key } })
    await executor.idle()
    expect((await runs('f')).map((run) => run.status)).toEqual(['cancelled', 'cancelled', 'running', 'running'])
  })
})

describe('the end of a run', () => {
  test('calls onFailure with the error and the event, and its failure calls nobody', async () => {
    const { send, runs, executor } = await start((client) => [
      client.createFunction(
        {
          id: 'f',
          retries: 0,
          triggers: [{ event: 'go' }],
          // biome-ignore lint/suspicious/noExplicitAny: the SDK types this by the client's own events
          onFailure: async ({ error, event }: any) => {
            seen.push(`${error.message} ${event.data.event.data.n} ${event.data.function_id}`)
            throw new NonRetriableError('worse')
          },
        },
        async () => {
          throw new Error('broken')
        },
      ),
      client.createFunction(
        { id: 'ends', triggers: [{ event: 'inngest/function.finished' }] },
        async ({ event }) => event.data._inngest.status,
      ),
    ])
    await send({ name: 'go', data: { n: 4 } })
    await executor.idle()
    expect(seen).toEqual(['broken 4 maestro-f'])
    expect(await runs('f-failure')).toMatchObject([{ status: 'failed', result: { message: 'worse' } }])
    expect((await runs('ends')).map((run) => run.result)).toEqual(['Failed'])
  })

  test('is kept for the retention time, then deleted with its steps', async () => {
    const { send, runs, skip, executor } = await start(
      (client) => [client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async ({ step }) => step.run('one', note('one')))],
      { retentionMs: 50 },
    )
    await send({ name: 'go' })
    await executor.idle()
    skip(3_600_000)
    await until(async () => (await runs('f')).length === 0)
    expect((await database.pool.query('SELECT 1 FROM executor_step UNION ALL SELECT 1 FROM executor_job')).rowCount).toBe(0)
  })
})

describe('concurrency', () => {
  test('holds per key and in all, and loses nobody', async () => {
    const active = new Map<string, number>()
    let most = 0
    let together = 0
    const { send, runs, executor } = await start((client) => [
      client.createFunction(
        { id: 'f', concurrency: [{ limit: 2, key: 'event.data.who' }, { limit: 3 }], triggers: [{ event: 'go' }] },
        async ({ event, step }) => {
          await step.run('work', async () => {
            active.set(event.data.who, (active.get(event.data.who) ?? 0) + 1)
            most = Math.max(most, active.get(event.data.who) ?? 0)
            together = Math.max(
              together,
              [...active.values()].reduce((sum, n) => sum + n, 0),
            )
            await until(() => together === 3)
            active.set(event.data.who, (active.get(event.data.who) ?? 0) - 1)
          })
        },
      ),
    ])
    await send(['a', 'a', 'a', 'a', 'a', 'b', 'b'].map((who) => ({ name: 'go', data: { who } })))
    await executor.idle()
    expect((await runs('f')).filter((run) => run.status === 'completed')).toHaveLength(7)
    expect([most, together]).toEqual([2, 3])
  })

  test('takes no more than the process may', async () => {
    let active = 0
    let most = 0
    const { send, executor } = await start(
      (client) => [
        client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async ({ step }) =>
          step.run('work', async () => {
            active += 1
            most = Math.max(most, active)
            await until(() => most === 2)
            active -= 1
          }),
        ),
      ],
      { concurrency: 2 },
    )
    await send(Array.from({ length: 8 }, () => ({ name: 'go' })))
    await executor.idle()
    expect(most).toBe(2)
  })
})

describe('several executors on one queue', () => {
  test('run every step of many branching runs exactly once', async () => {
    const make = (client: Inngest.Any) => [
      client.createFunction({ id: 'f', optimizeParallelism: false, triggers: [{ event: 'go' }] }, async ({ step, runId }) => {
        const branch = async (name: string) => {
          for (const n of [1, 2, 3]) await step.run(`${name}${n}`, note(`${runId} ${name}${n}`))
        }
        await Promise.all(['a', 'b', 'c'].map(branch))
        await step.run('last', note(`${runId} last`))
      }),
    ]
    const { send, runs, executor } = await start(make)
    const others = await Promise.all([bench(database.pool, make), bench(database.pool, make)])
    await send(Array.from({ length: 15 }, () => ({ name: 'go' })))
    await executor.idle()
    for (const other of others) await other.executor.stop()
    expect((await runs('f')).map((run) => [run.status, run.steps])).toEqual(Array(15).fill(['completed', 10]))
    expect(seen).toHaveLength(150)
    expect(new Set(seen).size).toBe(150)
  })

  test('take over at once what a stopping one could not end', async () => {
    let hang = true
    const make = (client: Inngest.Any) => [
      client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async ({ step }) => {
        await step.run('one', note('one'))
        await step.run('two', () => {
          seen.push('two')
          return hang ? new Promise(() => {}) : 'done'
        })
      }),
    ]
    const first = await start(make, { leaseMs: 60_000 })
    await first.send({ name: 'go' })
    await until(() => seen.includes('two'))
    await first.executor.stop(0)
    hang = false
    const second = await start(make, { leaseMs: 60_000 })
    await second.executor.idle()
    expect(await second.runs('f')).toMatchObject([{ status: 'completed' }])
    expect(seen).toEqual(['one', 'two', 'two'])
  })

  test('give up a run that ended too many processes', async () => {
    const { send, runs, skip } = await start((client) => [
      client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async () => note('ran')()),
    ])
    await send({ name: 'go', ts: Date.now() + 60_000 })
    await database.pool.query("UPDATE executor_job SET losses = 10, token = 'gone', lease_until = now() - interval '1 s'")
    skip(61_000)
    await until(async () => (await runs('f'))[0]?.status === 'failed')
    expect(await runs('f')).toMatchObject([{ result: { name: 'ProcessLost' } }])
    expect(seen).toEqual([])
  })

  test('leave alone what only another version of the server knows', async () => {
    const named = (id: string) => (client: Inngest.Any) => [client.createFunction({ id, triggers: [{ event: id }] }, async () => 1)]
    const old = await start(named('old'))
    await old.send({ name: 'old', ts: Date.now() + 60_000 })
    await old.executor.stop(0)
    const fresh = await start(named('new'))
    fresh.skip(61_000)
    await fresh.send({ name: 'new' })
    await fresh.executor.idle()
    expect([await fresh.runs('new'), await fresh.runs('old')]).toMatchObject([[{ status: 'completed' }], [{ status: 'running' }]])
  })
})

describe('limits', () => {
  const limits = { steps: 3, stepBytes: 1_000, runBytes: 1_500 }
  test.each([
    ['one large output', [1_200], 'A step returned more than 1000 bytes.'],
    ['large outputs together', [900, 900], 'The steps of the run returned more than 1500 bytes.'],
    ['many steps', [1, 1, 1, 1], 'The run has more than 3 steps.'],
  ])('%s fails the run in words, and no step after it runs', async (_, sizes, message) => {
    const { send, runs, executor } = await start(
      (client) => [
        client.createFunction({ id: 'f', retries: 1, triggers: [{ event: 'go' }] }, async ({ step }) => {
          for (const [index, size] of sizes.entries()) await step.run(`s${index}`, () => 'x'.repeat(size))
          await step.run('after', note('after'))
        }),
      ],
      { limits },
    )
    await send({ name: 'go' })
    await executor.idle()
    expect(await runs('f')).toMatchObject([{ status: 'failed', result: { name: 'OutputTooLarge', message } }])
    expect(seen).toEqual([])
  })

  test('output with NUL and other marks comes back as it was', async () => {
    const text = 'a\u0000b\ud83d\ude00"\\\u2028'
    expect(await runOne(async ({ step }) => step.run('one', () => text))).toMatchObject({ result: text })
  })
})

describe('what is not supported', () => {
  test('is refused at start, by name', async () => {
    const making = start((client) => [
      client.createFunction(
        { id: 'a', debounce: { period: '1s' }, singleton: { mode: 'skip' }, triggers: [{ event: 'go' }] },
        async () => 1,
      ),
      client.createFunction({ id: 'b', triggers: [{ cron: '* * * * *' }] }, async () => 1),
      client.createFunction({ id: 'c', triggers: [], throttle: { limit: 1, period: '1s' } }, async () => 1),
      client.createFunction({ id: 'd', batchEvents: { maxSize: 2, timeout: '1s' }, triggers: [{ event: 'go' }] }, async () => 1),
      client.createFunction(
        {
          id: 'e',
          rateLimit: { limit: 1, period: '1s' },
          priority: { run: '1' },
          timeouts: { finish: '1s' },
          triggers: [{ event: 'go', if: 'event.' }],
        },
        async () => 1,
      ),
      client.createFunction({ id: 'g', cancelOn: [{ event: 'stop', timeout: '1h' }], triggers: [{ event: 'go' }] }, async () => 1),
    ])
    const error = await making.then(
      () => '',
      (caught: Error) => caught.message,
    )
    for (const part of [
      'a: debounce',
      'a: singleton',
      'b: cron trigger',
      'c: throttle',
      'c: no trigger',
      'd: batchEvents',
      'e: rateLimit',
      'e: priority',
      'e: timeouts',
      'e: the expression "event."',
      'g: cancelOn timeout',
    ]) {
      expect(error).toContain(`maestro-${part}`)
    }
  })

  test('fails the run in words where only the run shows it', async () => {
    const run = await runOne(async ({ step }) => step.waitForEvent('wait', { event: 'x', timeout: '1h' }))
    expect(run).toMatchObject({ status: 'failed', result: { name: 'UnsupportedStep', message: expect.stringContaining('WaitForEvent') } })
  })

  test('a client of a stopped executor fails to send', async () => {
    const { client, executor } = await start((made) => [made.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async () => 1)])
    await executor.stop(0)
    expect((await client.fetch('http://executor.invalid/e/x', { method: 'POST', body: '{"name":"go"}' })).status).toBe(503)
  })
})
