import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '@/server/testing/until.ts'
import { testWhen } from '@/server/testing/when.ts'
import { chooseExecutor, makeExecutors } from './choose.ts'
import { findMarked } from './processes.ts'
import type { Executor, RunSpec } from './types.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'maestro-executors-'))
await chmod(dataDir, 0o755)
const all = makeExecutors(dataDir)
const sandboxed = await all.sandbox.trial()
// On CI a machine without a sandbox is a fault of the machine, not a reason to look away.
const real = (['process', ...(sandboxed.ok || process.env.CI ? ['sandbox'] : [])] as ('process' | 'sandbox')[]).map((name) => all[name])
let counter = 0

beforeAll(() => {
  process.env.SECRET_OF_THE_SERVER = 'do-not-tell'
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function run(executor: Executor, given: Partial<RunSpec> & Pick<RunSpec, 'command'>, signal?: AbortSignal) {
  const workspace = given.workspace ?? (await executor.prepare(`contract-${executor.name}`))
  let output = ''
  const spec = { key: `contract-${process.pid}-${++counter}`, workspace, timeoutMs: 120_000, ...given }
  const result = await executor.run(
    spec,
    (chunk) => {
      output += chunk
      return undefined
    },
    signal,
  )
  return { ...result, output, key: spec.key }
}

describe.each([...real, all.fake].map((executor) => [executor.name, executor] as const))('%s', (name, executor) => {
  const fake = name === 'fake'

  test('a command that ends has its exit code', async () => {
    expect(await run(executor, { command: 'exit 0' })).toMatchObject({ outcome: 'exited', exitCode: 0 })
    expect(await run(executor, { command: 'exit 7', env: { FAKE_EXIT_CODE: '7' } })).toMatchObject({ outcome: 'exited', exitCode: 7 })
  })

  test('time is limited', async () => {
    // Whoever waited for the command itself would wait beyond this test's end.
    const result = await run(executor, { command: 'sleep 6000', env: { FAKE_SLEEP_MS: '6000000' }, timeoutMs: 200 })
    expect(result).toMatchObject({ outcome: 'timeout', exitCode: null })
  })

  test('output is limited, to the byte', async () => {
    const env = { FAKE_OUTPUT: 'x'.repeat(5_000) }
    const result = await run(executor, { command: 'yes xxxxxxxx', outputLimitBytes: 1_000, env })
    expect([result.outcome, result.output.length]).toEqual(['output-limit', 1_000])
  })

  test('the signal ends a command, also before it began', async () => {
    const controller = new AbortController()
    const promise = run(executor, { command: 'sleep 6000', env: { FAKE_SLEEP_MS: '6000000' } }, controller.signal)
    setTimeout(() => controller.abort(), 100)
    expect(await promise).toMatchObject({ outcome: 'cancelled', exitCode: null })
    expect(await run(executor, { command: 'sleep 6000', env: { FAKE_SLEEP_MS: '6000000' } }, controller.signal)).toMatchObject({
      outcome: 'cancelled',
    })
  })

  test('a command may be ended at any moment of its start, and nothing of it stays', async () => {
    const attempt = async (afterMs: number) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), afterMs)
      const result = await run(executor, { command: 'sleep 6000', env: { FAKE_SLEEP_MS: '6000000' } }, controller.signal)
      expect(result.outcome).toBe('cancelled')
      expect(await findMarked(result.key)).toEqual([])
    }
    await Promise.all(Array.from({ length: 40 }, (_, at) => attempt(at)))
  })

  test('a folder is made, taken again, removed, removed again; a bad name is refused', async () => {
    const path = await executor.prepare('folder-1')
    await writeFile(join(path, 'kept'), '')
    expect(await executor.prepare('folder-1')).toBe(path)
    expect(existsSync(join(path, 'kept'))).toBe(true)
    await executor.cleanUp('folder-1')
    await executor.cleanUp('folder-1')
    expect(existsSync(path)).toBe(false)
    for (const bad of ['..', 'a/b', '', '.git', 'a\0b', '-rf']) await expect(executor.prepare(bad)).rejects.toThrow('name')
    await expect(executor.cleanUp('../..')).rejects.toThrow('name')
  })

  test('cancelling a key that runs nothing says so', async () => {
    expect(await executor.cancel('nobody/here')).toBe(false)
  })

  testWhen(!fake)('both channels come in order, through pipes, and a failing line ends a script', async () => {
    const result = await run(executor, { command: 'echo one; echo two >&2; echo three | cat\nfalse\necho never' })
    expect([result.output, result.exitCode]).toEqual(['one\ntwo\nthree\n', 1])
    expect((await run(executor, { command: ['printf', '%s|', 'a b', '$HOME'] })).output).toBe('a b|$HOME|')
  })

  testWhen(!fake)('it sees its own environment and nothing of the server’s', async () => {
    const { output } = await run(executor, { command: 'env; cat /proc/*/environ 2>/dev/null || true', env: { OWN: 'value' } })
    expect(output).toContain('OWN=value')
    expect(output).not.toContain('do-not-tell')
  })

  testWhen(!fake)('what it leaves in the background ends with it', async () => {
    const result = await run(executor, { command: 'sleep 6000 & sleep 6000 & echo done' })
    expect([result.outcome, result.output]).toEqual(['exited', 'done\n'])
    await until(async () => (await findMarked(result.key)).length === 0)
  })

  testWhen(!fake)('memory is limited', async () => {
    const eat = 'const kept = []; setInterval(() => { for (let i = 0; i < 4; i++) kept.push(Buffer.alloc(8 << 20, 1)) }, 10)'
    const result = await run(executor, { command: ['node', '-e', eat], limits: { memoryMb: 200 } })
    expect([result.outcome, result.exitCode]).toEqual(['out-of-memory', null])
  })

  testWhen(!fake)('it waits while nobody takes its output', async () => {
    let bytes = 0
    let [pending, together, ahead] = [0, 0, 0]
    const workspace = await executor.prepare(`contract-${name}`)
    const command = 'for i in $(seq 40); do head -c 1000000 /dev/zero; echo $i > written; done'
    const spec = { key: `slow-${process.pid}-${name}`, workspace, command, timeoutMs: 120_000 }
    const result = await executor.run(spec, async (chunk) => {
      together = Math.max(together, ++pending)
      bytes += chunk.length
      // Several turns in which whatever does not wait would be read on.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      const written = await readFile(join(workspace, 'written'), 'utf8').catch(() => '')
      ahead = Math.max(ahead, Number(written) * 1_000_000 - bytes)
      pending--
    })
    expect([result.exitCode, bytes]).toEqual([0, 40_000_000])
    // Each of its two channels waits for itself.
    expect(together).toBeLessThanOrEqual(2)
    // What pipes and buffers hold; all of it would be forty times as much.
    expect(ahead).toBeLessThan(4_000_000)
  })

  testWhen(!fake)('a later life of the server ends what runs under a key, children that ran away included, and nothing else', async () => {
    const key = `again-${process.pid}-${name}`
    const workspace = await executor.prepare(`contract-${name}`)
    const spec = { key, workspace, command: 'setsid sleep 6000 & sleep 6000', timeoutMs: 6_000_000 }
    const first = executor.run(spec, () => undefined)
    const other = run(executor, { command: 'sleep 1.5; echo alive' })
    await until(async () => (await findMarked(key)).length >= 2)
    expect(await makeExecutors(dataDir)[executor.name].cancel(key)).toBe(true)
    expect((await first).outcome).not.toBe('timeout')
    expect(await findMarked(key)).toEqual([])
    expect((await other).output).toBe('alive\n')
  })

  testWhen(!fake)('a command that cannot start is no success', async () => {
    expect((await run(executor, { command: ['no-such-program'] })).exitCode).not.toBe(0)
    expect(
      (await run(executor, { command: 'true', workspace: join(dataDir, 'missing') }).catch(() => ({ exitCode: null }))).exitCode,
    ).not.toBe(0)
  })
})

test('fake: what it pretends is set from outside', async () => {
  expect(await run(all.fake, { command: '', env: { FAKE_OUT_OF_MEMORY: '1' } })).toMatchObject({ outcome: 'out-of-memory' })
  expect(await run(all.fake, { command: '', env: { FAKE_LOST: '1' } })).toMatchObject({ outcome: 'lost' })
  const long = run(all.fake, { key: 'fake-key', command: '', env: { FAKE_SLEEP_MS: '60000' } })
  await until(() => all.fake.cancel('fake-key'))
  expect((await long).outcome).toBe('cancelled')
})

testWhen(process.getuid?.() === 0)('process: root’s commands run as nobody, in folders that are theirs', async () => {
  const path = await all.process.prepare('owned')
  await writeFile(join(path, 'of-root'), 'x', { mode: 0o600 })
  const { output } = await run(all.process, {
    workspace: path,
    command: 'id -u; cat of-root; touch /etc/owned-by-nobody && echo OUT || echo refused',
  })
  expect(output).toMatch(/^65534\nx.*refused\n$/s)
  expect(await readdir(join(dataDir, 'scratch'))).toEqual([])
})

describe('choice', () => {
  const broken: Executor = { ...all.sandbox, trial: async () => ({ ok: false, reason: 'bubblewrap (bwrap) is not installed' }) }
  const without = { ...all, sandbox: broken }
  const pick = (executors: typeof all, conditions: Partial<Parameters<typeof chooseExecutor>[1]>) =>
    chooseExecutor(executors, { demoModel: false, unsafeAllowed: false, ...conditions }).then((executor) => executor.name)

  test('the sandbox where a trial works, whatever else is allowed', async () => {
    const works = { ...all, sandbox: { ...all.sandbox, trial: async () => ({ ok: true as const }) } }
    expect(await pick(works, { demoModel: true, unsafeAllowed: true })).toBe('sandbox')
  })
  test('without one: processes for our own code or at the operator’s risk, else a refusal in words', async () => {
    expect(await pick(without, { demoModel: true })).toBe('process')
    expect(await pick(without, { unsafeAllowed: true })).toBe('process')
    await expect(pick(without, {})).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('bubblewrap (bwrap) is not installed'),
    })
    await expect(pick(without, { wanted: 'sandbox', unsafeAllowed: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(pick(all, { wanted: 'process' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(pick(all, { wanted: 'fake', demoModel: true })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await pick(all, { wanted: 'fake', unsafeAllowed: true })).toBe('fake')
  })
})
