// A process of its own for processes.test.ts: it serves the functions below from the database in its first argument.
// With `hold` as second argument it stops for ever where a function comes by `hold()`; with `later` its clock is ahead, so that all waits are over.
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'pg'
import { bench } from './fixture.ts'

const [url = '', mode = ''] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 4 })
const note = (run: string, what: string) => pool.query('INSERT INTO note (run, what, pid) VALUES ($1, $2, $3)', [run, what, process.pid])
const begun = async () => (await pool.query<{ n: number }>("SELECT count(*)::int AS n FROM note WHERE what = 'one begins'")).rows[0]?.n ?? 0
let opened: () => void = () => {}
const gate = new Promise<void>((resolve) => {
  opened = resolve
})
const hold = () => (mode === 'hold' ? gate : undefined)
process.on('SIGUSR2', () => opened())

interface Context {
  step: { run(id: string, fn: () => unknown): Promise<unknown>; sleep(id: string, time: string): Promise<void> }
  attempt: number
}

const { client, executor, skip } = await bench(
  pool,
  (inngest) => {
    const define = (id: string, body: (context: Context) => Promise<unknown>) =>
      inngest.createFunction({ id, triggers: [{ event: id }], retries: 2 }, (context) => body(context as unknown as Context))
    const step = ({ step: tools }: Context, run: string, id: string, fn: () => unknown = () => undefined) =>
      tools.run(id, async () => {
        await note(run, id)
        await fn()
        return id
      })
    return [
      define('claimed', async (context) => {
        await note('claimed', 'called')
        await hold()
        await step(context, 'claimed', 'one')
      }),
      define('in-step', async (context) => {
        await step(context, 'in-step', 'one')
        await step(context, 'in-step', 'two', hold)
        await step(context, 'in-step', 'three')
      }),
      define('between', async (context) => {
        await step(context, 'between', 'one')
        await note('between', 'between')
        await hold()
        await step(context, 'between', 'two')
      }),
      define('sleeping', async (context) => {
        await step(context, 'sleeping', 'one')
        await context.step.sleep('nap', '1h')
        await step(context, 'sleeping', 'two')
      }),
      define('retrying', async (context) => {
        await step(context, 'retrying', 'one')
        await step(context, 'retrying', 'two', () => {
          if (context.attempt === 0) throw new Error('not yet')
        })
      }),
      define('parallel', async (context) => {
        await Promise.all([
          step(context, 'parallel', 'quick'),
          step(context, 'parallel', 'slow', hold),
          step(context, 'parallel', 'quicker'),
        ])
        await step(context, 'parallel', 'after')
      }),
      inngest.createFunction(
        { id: 'shared', triggers: [{ event: 'shared' }], concurrency: { limit: 3, key: '"all"' } },
        async ({ event, step: tools }) => {
          for (const id of ['one', 'two']) {
            await tools.run(id, async () => {
              await note(event.data.n, `${id} begins`)
              // Whoever comes first waits for as many as there may be at once, so that the limit is reached however fast the work is.
              while ((await begun()) < 3) await delay(5)
              await note(event.data.n, id)
            })
          }
        },
      ),
    ]
  },
  { concurrency: mode === 'shared' ? 2 : 20, backoffMs: [3_600_000] },
)
if (mode === 'later') skip(7_200_000)

process.on('message', async (events: { name: string; data?: object }[]) => {
  await client.send(events)
  process.send?.('sent')
})
process.on('disconnect', async () => {
  await executor.stop(0)
  process.exit(0)
})
process.send?.('ready')
