import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { endLeases } from '@/server/testing/leases.ts'
import { testProgram } from '@/server/testing/programs.ts'
import { until } from '@/server/testing/until.ts'

let database: TestDatabase
let children: ChildProcess[] = []

beforeAll(async () => {
  database = await testDatabase()
  await database.pool.query('CREATE TABLE note (id bigserial PRIMARY KEY, run text, what text, pid int)')
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query('TRUNCATE note, executor_run CASCADE')
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
})

async function worker(mode: string): Promise<ChildProcess> {
  const child = fork(testProgram('executor-worker'), [database.url, mode], { execArgv: [] })
  children.push(child)
  await once(child, 'message')
  return child
}

async function send(child: ChildProcess, events: { name: string; data?: object }[]): Promise<void> {
  const sent = once(child, 'message')
  child.send(events)
  await sent
}

const query = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await database.pool.query(sql, values)).rows
const notes = async (run: string) =>
  (await query<{ what: string }>('SELECT what FROM note WHERE run = $1 ORDER BY id', [run])).map((row) => row.what)
const unended = () => query('SELECT 1 FROM executor_run WHERE status <> $1', ['completed'])
const memos = (fn: string) =>
  query('SELECT 1 FROM executor_step s JOIN executor_run r ON r.id = s.run_id WHERE r.fn_id = $1 AND s.memo IS NOT NULL', [`maestro-${fn}`])

test('a process killed in any state loses no run, and no memoized step runs twice', async () => {
  const states = ['claimed', 'in-step', 'between', 'sleeping', 'retrying', 'parallel']
  const [first, second] = await Promise.all([worker('hold'), worker('later')])
  // The second one is stopped while the first gets into its states, so that it takes nothing from it.
  second.kill('SIGSTOP')
  await send(
    first,
    states.map((name) => ({ name })),
  )
  await until(async () => (await notes('claimed')).length === 1)
  await until(async () => (await notes('in-step')).includes('two'))
  await until(async () => (await notes('between')).includes('between'))
  await until(async () => (await query("SELECT 1 FROM executor_job WHERE kind = 'sleep' AND token IS NULL")).length === 1)
  await until(
    async () => (await query("SELECT 1 FROM executor_job WHERE fn_id = 'maestro-retrying' AND attempt = 1 AND token IS NULL")).length === 1,
  )
  await until(async () => (await notes('parallel')).includes('slow') && (await memos('parallel')).length === 2)
  first.kill('SIGKILL')
  await once(first, 'exit')
  await endLeases(database.pool)
  second.kill('SIGCONT')
  await until(async () => (await unended()).length === 0)

  expect(await notes('claimed')).toEqual(['called', 'called', 'one'])
  expect(await notes('in-step')).toEqual(['one', 'two', 'two', 'three'])
  expect(await notes('between')).toEqual(['one', 'between', 'between', 'two'])
  expect(await notes('sleeping')).toEqual(['one', 'two'])
  expect(await notes('retrying')).toEqual(['one', 'two', 'two'])
  expect((await notes('parallel')).toSorted()).toEqual(['after', 'quick', 'quicker', 'slow', 'slow'])
})

test('a process that slept beyond its lease cannot write any more, nor go on', async () => {
  const first = await worker('hold')
  await send(first, [{ name: 'in-step' }, { name: 'between' }, { name: 'parallel' }])
  await until(
    async () =>
      (await notes('in-step')).includes('two') &&
      (await notes('between')).includes('between') &&
      (await notes('parallel')).includes('slow'),
  )
  first.kill('SIGSTOP')
  await endLeases(database.pool)
  await worker('wait')
  await until(async () => (await unended()).length === 0)
  const before = await query('SELECT * FROM executor_run ORDER BY id')
  first.kill('SIGCONT')
  first.kill('SIGUSR2')
  // What it sends after that shows that it has woken and that its loops go on.
  await send(first, [{ name: 'claimed' }])
  await until(async () => (await unended()).length === 0)

  expect(await query("SELECT * FROM executor_run WHERE fn_id <> 'maestro-claimed' ORDER BY id")).toEqual(before)
  expect(await notes('in-step')).toEqual(['one', 'two', 'two', 'three'])
  expect((await notes('parallel')).filter((what) => what === 'after')).toHaveLength(1)
})

test('two processes share one queue and its limits', async () => {
  const [first, second] = await Promise.all([worker('shared'), worker('shared')])
  await Promise.all(
    [first, second].map((child, side) =>
      send(
        child,
        Array.from({ length: 20 }, (_, n) => ({ name: 'shared', data: { n: `${side}-${n}` } })),
      ),
    ),
  )
  await until(async () => (await unended()).length === 0 && (await query('SELECT 1 FROM executor_run')).length === 40)
  const order = await query<{ what: string }>('SELECT what FROM note ORDER BY id')
  let active = 0
  const most = Math.max(...order.map(({ what }) => (what.endsWith('begins') ? ++active : --active)))
  expect(most).toBe(3)
  const counts = await query<{ pid: number; n: number }>(
    "SELECT pid, count(*)::int AS n FROM note WHERE what IN ('one', 'two') GROUP BY pid",
  )
  expect(counts.reduce((sum, { n }) => sum + n, 0)).toBe(80)
  expect(new Set(counts.map(({ pid }) => pid))).toEqual(new Set([first.pid, second.pid]))
})
