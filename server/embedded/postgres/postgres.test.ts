import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterEach, expect, test } from 'vitest'
import { directoryHash } from '@/server/core/paths.ts'
import { isAlive } from '@/server/core/process.ts'
import { until } from '@/server/testing/until.ts'
import { testWhen } from '@/server/testing/when.ts'
import { existingCluster } from './location.ts'
import { runningUrl, startPostgres, stopPostgres } from './postgres.ts'
import { endPostmaster } from './postmaster.ts'

const asRoot = userInfo().uid === 0
const directories: string[] = []

function dataDir(mode = 0o711): string {
  const outer = mkdtempSync(join(tmpdir(), 'maestro-pg-'))
  chmodSync(outer, mode)
  directories.push(outer)
  return join(outer, 'data')
}

afterEach(async () => {
  for (const outer of directories.splice(0)) {
    const inner = join(outer, 'data')
    await stopPostgres(inner)
    rmSync(outer, { recursive: true, force: true })
    rmSync(join('/var/lib/maestro', directoryHash(inner)), { recursive: true, force: true })
  }
})

const carefree = { durable: false, settings: { shared_buffers: '16MB' } }

test('several starters at once share one server', async () => {
  const directory = dataDir()
  const started = await Promise.all([1, 2, 3].map(() => startPostgres(directory, carefree)))
  expect(new Set(started.map(({ url }) => url)).size).toBe(1)
  expect(new Set(started.map((one) => one.pid())).size).toBe(1)
  for (const one of started) one.release()
})

test('the password is random, wrong ones are refused, and its file is its owner’s alone', async () => {
  const directory = dataDir()
  const { url, release } = await startPostgres(directory, carefree)
  release()
  expect(new URL(url).hostname).toBe('127.0.0.1')
  expect(new URL(url).password).toMatch(/^[\w-]{32}$/)
  expect(statSync(join(existingCluster(directory) ?? '', 'maestro-password')).mode & 0o777).toBe(0o600)
  const wrong = new Pool({ connectionString: url.replace(new URL(url).password, 'guess') })
  await expect(wrong.query('SELECT 1')).rejects.toThrow(/password authentication failed/)
  await wrong.end()
})

test('a server that is killed comes back on the same port with all that was committed', async () => {
  const directory = dataDir()
  const events: string[] = []
  const postgres = await startPostgres(directory, { settings: { shared_buffers: '16MB' }, onEvent: (message) => events.push(message) })
  const pool = new Pool({ connectionString: postgres.url })
  pool.on('error', () => undefined)
  await pool.query('CREATE TABLE kept (n int)')
  await pool.query('INSERT INTO kept VALUES (42)')
  const first = postgres.pid()
  process.kill(first, 'SIGKILL')
  const { rows } = await until(() => pool.query('SELECT n FROM kept'))
  expect(rows).toEqual([{ n: 42 }])
  await until(() => postgres.pid() !== first)
  expect(events).toEqual(['PostgreSQL had ended and was started again.'])
  await pool.end()
  await postgres.stop()
  expect(isAlive(postgres.pid())).toBe(false)
  expect(await runningUrl(directory)).toBeNull()
})

test('a server that outlived its killed starter is adopted', async () => {
  const directory = dataDir()
  const source = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))}
    const { pid } = await startPostgres(process.argv[2], { durable: false })
    console.log(pid())
    setInterval(() => {}, 1000)`
  const script = join(directory, '..', 'starter.mts')
  writeFileSync(script, source)
  const starter = spawn(process.execPath, ['--import', 'tsx', script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) => starter.stdout.once('data', (data) => resolve(Number(data))))
  starter.kill('SIGKILL')
  const adopted = await startPostgres(directory, carefree)
  expect(adopted.pid()).toBe(pid)
  await adopted.stop()
})

test('a stale pid file that names a stranger is no obstacle', async () => {
  const directory = dataDir()
  const first = await startPostgres(directory, carefree)
  await first.stop()
  const cluster = existingCluster(directory) ?? ''
  writeFileSync(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n`)
  const second = await startPostgres(directory, carefree)
  expect(second.pid()).not.toBe(process.pid)
  await second.stop()
  expect(await endPostmaster(cluster)).toBe(false)
})

testWhen(asRoot)('below a directory that other users cannot enter, root’s database lies in /var/lib/maestro and says so', async () => {
  const directory = dataDir(0o700)
  const postgres = await startPostgres(directory, carefree)
  expect(postgres.notice).toContain(`/var/lib/maestro/${directoryHash(directory)}`)
  expect(existingCluster(directory)).toBe(`/var/lib/maestro/${directoryHash(directory)}/postgres`)
  await postgres.stop()
  const again = await startPostgres(directory, carefree)
  expect(again.notice).toBe(postgres.notice)
  await again.stop()
})
