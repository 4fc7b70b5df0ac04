import { type Inngest, type InngestFunction, NonRetriableError, RetryAfterError } from 'inngest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sendEvent } from '@/server/core/inngest.ts'
import { register } from '@/server/core/registry.ts'
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
  // Between two attempts nothing is due for a moment: idle is not yet over.
  return until(
    async () => {
      await executor.idle()
      const [run] = await runs('f')
      return run && run.status !== 'running' ? run : null
    },
    { what: 'the end of the run' },
  )
}

const exists = async (sql: string) => ((await database.pool.query(sql)).rowCount ?? 0) > 0

const note = (what: string) => () => {
  seen.push(what)
  return what
}

describe.each([true, false])('steps, checkpointing %s', (checkpointing) => {
  test('run once each, in order, and hand on what they returned', async () => {
    const run = await runOne(
      async ({ step, event }) => {
        const one = await step.run('one', note('one'))
        const two = await step.run('two', () => `${one}+${event.data.n}`)
        await step.run('nothing', () => undefined)
        return { two, again: await step.run('one', note('one again')) }
      },
      { checkpointing },
    )
    expect(run).toMatchObject({ status: 'completed', result: { two: 'one+1', again: 'one again' }, steps: 4 })
    expect(seen).toEqual(['one', 'one again'])
  })

  test('in parallel run once each and meet at the end', async () => {
    const run = await runOne(
      async ({ step }) => {
        await step.run('before', note('before'))
        const both = await Promise.all([1, 2, 3].map((n) => step.run(`p${n}`, note(`p${n}`))))
        return [...both, await step.run('after', note('after'))]
      },
      { checkpointing },
    )
    expect(run).toMatchObject({ status: 'completed', result: ['p1', 'p2', 'p3', 'after'] })
    expect(seen.toSorted()).toEqual(['after', 'before', 'p1', 'p2', 'p3'])
  })

  test('are tried again with a raised attempt, and what came before is not', async () => {
    const run = await runOne(
      async ({ step, attempt }) => {
        await step.run('before', note('before'))
        return step.run('flaky', () => {
          seen.push(`attempt ${attempt}`)
          if (attempt < 2) throw new Error('not yet')
          return 'done'
        })
      },
      { checkpointing, retries: 3 },
    )
    expect(run).toMatchObject({ status: 'completed', result: 'done' })
    expect(seen).toEqual(['before', 'attempt 0', 'attempt 1', 'attempt 2'])
  })

  test('that fail for good can be caught, and attempts start anew after them', async () => {
    const run = await runOne(
      async ({ step }) => {
        const error = await step.run('bad', () => Promise.reject(new Error('broken'))).catch((caught: Error) => caught.message)
        return [error, await step.run('good', note('good'))]
      },
      { checkpointing },
    )
    expect(run).toMatchObject({ status: 'completed', result: ['broken', 'good'] })
    expect(seen).toEqual(['good'])
  })

  test('that fail for good uncaught end the run', async () => {
    const run = await runOne(
      async ({ step }) => {
        await step.run('bad', () => {
          seen.push('tried')
          throw new NonRetriableError('never')
        })
      },
      { checkpointing, retries: 3 },
    )
    expect(run).toMatchObject({ status: 'failed', result: { message: 'never' } })
    expect(seen).toEqual(['tried'])
  })
})

describe('parallel branches', () => {
  const branches = async ({ step }: { step: { run(id: string, fn: () => unknown): Promise<unknown> } }, release: Promise<void>) => {
    const slow = step.run('slow', async () => {
      await release
      seen.push('slow')
    })
    const quick = step.run('quick 1', note('quick 1')).then(() => step.run('quick 2', note('quick 2')))
    await Promise.all([slow, quick])
  }

  test('wait for each other after each step by default, as on a real server', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const ended = runOne((context) => branches(context, released))
    await until(() => seen.includes('quick 1'))
    release()
    expect(await ended).toMatchObject({ status: 'completed' })
    expect(seen).toEqual(['quick 1', 'slow', 'quick 2'])
  })

  test.each(['optimizeParallelism: false', 'group.parallel'])('go on by themselves with %s', async (way) => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const body =
      way === 'group.parallel'
        ? (context: never) =>
            (context as { group: { parallel(run: () => unknown): unknown } }).group.parallel(() => branches(context, released))
        : (context: never) => branches(context, released)
    const ended = runOne(async (context) => body(context as never), { parallel: way === 'group.parallel' })
    await until(() => seen.includes('quick 2'))
    release()
    expect(await ended).toMatchObject({ status: 'completed', steps: 3 })
    expect(seen).toEqual(['quick 1', 'quick 2', 'slow'])
  })

  test('with a failing one retry only that one', async () => {
    const run = await runOne(async ({ step, attempt }) =>
      Promise.all([
        step.run('well', note('well')),
        step.run('flaky', () => {
          seen.push(`flaky ${attempt}`)
          if (attempt === 0) throw new Error('not yet')
          return 'flaky'
        }),
      ]),
    )
    expect(run).toMatchObject({ status: 'completed', result: ['well', 'flaky'] })
    expect(seen.toSorted()).toEqual(['flaky 0', 'flaky 1', 'well'])
  })
})

describe('functions', () => {
  test('are tried again as a whole when they throw between steps, without running steps again', async () => {
    const run = await runOne(
      async ({ step, attempt }) => {
        await step.run('one', note('one'))
        if (attempt === 0) throw new Error('not yet')
        return attempt
      },
      { retries: 1 },
    )
    expect(run).toMatchObject({ status: 'completed', result: 1 })
    expect(seen).toEqual(['one'])
  })

  test('wait as long as RetryAfterError says', async () => {
    const { send, runs, skip, executor } = await start((client) => [
      client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async ({ attempt }) => {
        seen.push(`${attempt}`)
        if (attempt === 0) throw new RetryAfterError('later', '2h')
      }),
    ])
    await send({ name: 'go' })
    await until(() => exists('SELECT 1 FROM executor_job WHERE attempt = 1 AND token IS NULL'))
    skip(119 * 60_000)
    await executor.idle()
    expect(seen).toEqual(['0'])
    skip(61_000)
    await until(async () => (await runs('f'))[0]?.status === 'completed')
    expect(seen).toEqual(['0', '1'])
  })

  test('sleep without holding anything, alone and beside other steps', async () => {
    const { send, runs, skip, executor } = await start((client) => [
      client.createFunction({ id: 'f', concurrency: 1, triggers: [{ event: 'go' }] }, async ({ step }) => {
        await step.sleep('long', '3h')
        await Promise.all([step.sleep('short', '1m'), step.run('beside', note('beside'))])
        return 'awake'
      }),
    ])
    await send([{ name: 'go' }, { name: 'go' }])
    await executor.idle()
    expect(seen).toEqual([])
    skip(3 * 3_600_000)
    await until(() => seen.length === 2)
    skip(60_000)
    await until(async () => (await runs('f')).every((run) => run.status === 'completed' && run.result === 'awake'))
  })

  test('send events from a step, which start other functions', async () => {
    const { send, runs, executor } = await start((client) => [
      client.createFunction({ id: 'parent', triggers: [{ event: 'go' }] }, async ({ step }) =>
        step.sendEvent('tell', { name: 'child/born', data: { by: 'parent' } }),
      ),
      client.createFunction({ id: 'child', triggers: [{ event: 'child/*' }] }, async ({ event }) => event.data.by),
    ])
    await send({ name: 'go' })
    await executor.idle()
    expect(await runs('child')).toMatchObject([{ status: 'completed', result: 'parent' }])
  })

  test('start on the expression of their trigger, once for several triggers', async () => {
    const { send, runs, executor } = await start((client) => [
      client.createFunction({ id: 'big', triggers: [{ event: 'go', if: 'event.data.n > 5' }] }, async () => 'big'),
      client.createFunction({ id: 'both', triggers: [{ event: 'go' }, { event: 'g*' }] }, async () => 'both'),
    ])
    await send([{ name: 'go', data: { n: 3 } }, { name: 'go', data: { n: 7 } }, { name: 'go' }])
    await executor.idle()
    expect(await runs('big')).toHaveLength(1)
    expect(await runs('both')).toHaveLength(3)
  })

  test('start later for an event of the future', async () => {
    const { send, executor, skip, runs } = await start((client) => [
      client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async () => 1),
    ])
    await send({ name: 'go', ts: Date.now() + 60_000 })
    await executor.idle()
    expect(await runs('f')).toMatchObject([{ status: 'running' }])
    skip(61_000)
    await until(async () => (await runs('f'))[0]?.status === 'completed')
  })

  test('reach the executor from another copy of the module, through the registry', async () => {
    const { client, executor, runs } = await start((made) => [
      made.createFunction({ id: 'f', triggers: [{ event: 'thing.happened' }] }, async ({ event }) => event.data.thingId),
    ])
    register({ inngest: client })
    const event = { name: 'thing.happened', id: 'thing-1', source: 'tests', correlationId: 'c', data: { thingId: 't1' } }
    await sendEvent(event)
    await sendEvent(event)
    await executor.idle()
    expect(await runs('f')).toMatchObject([{ result: 't1' }])
  })
})
