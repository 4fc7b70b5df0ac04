import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answersOn, unixRequest } from '@/server/core/unix-http.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { until } from '@/server/testing/until.ts'
import { spoolFiles } from '../supervision/spool.ts'
import { supervisorPlaces } from './places.ts'
import { endSupervisor, restartApp, startAttached, startDetached, statusOf, supervisorsOf } from './supervised.ts'
import type { AppToKeep } from './types.ts'

let dataDir: string
const key = 'service:tiny'

const app = (env: Record<string, string> = {}, more: Partial<AppToKeep> = {}): AppToKeep => ({
  key,
  release: 1,
  launcher: 'sandbox',
  command: ['node', 'server.js'],
  env,
  sourceDir: join(dataDir, 'app'),
  dataDir: join(dataDir, 'data'),
  memoryMb: 256,
  spool: { dir: join(dataDir, 'spool'), fileBytes: 100_000, files: 4 },
  restart: 'always',
  ...more,
})
const places = () => supervisorPlaces(dataDir, key)
const get = async (path: string) => JSON.parse((await unixRequest({ socketPath: places().appSocket, path })).text)
const up = () => until(() => get('/healthz').then((body) => body.ok === true), { what: 'the app answers' })
const status = () => statusOf(places().controlSocket)
const napSeconds = String(900_000 + process.pid)
const running = async (commandLine: string) => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.some((line) => line.startsWith(commandLine))
}
const gone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-supervised-'))
  // Root hands apps without a sandbox to a user without rights, who has to be able to come here.
  await chmod(dataDir, 0o755)
  await writeTinyApp(join(dataDir, 'app'))
})
afterEach(async () => {
  for (const { controlSocket } of await supervisorsOf(dataDir)) await endSupervisor(controlSocket)
  await rm(dataDir, { recursive: true, force: true })
})

describe.each(['sandbox', 'process'] as const)('a kept app (%s)', (launcher) => {
  test('answers behind its socket, keeps its data over a restart and loses it when asked to', async () => {
    await startDetached(dataDir, app({}, { launcher }))
    await up()
    await unixRequest({ socketPath: places().appSocket, method: 'POST', path: '/notes', body: 'kept' })
    const before = await get('/version')
    await restartApp(places().controlSocket, { emptyData: false })
    await up()
    expect((await get('/version')).started).toBeGreaterThan(before.started)
    expect((await get('/notes')).notes).toHaveLength(1)
    await restartApp(places().controlSocket, { emptyData: true })
    await up()
    expect((await get('/notes')).notes).toEqual([])
    expect((await stat(places().controlSocket)).mode & 0o777).toBe(0o600)
  })

  test('is started again when it dies', async () => {
    await startDetached(dataDir, app({}, { launcher }))
    await up()
    await get('/crash')
    await until(async () => (await status())?.restarts === 1)
    await up()
    expect((await status())?.lastExit?.code).toBe(9)
  })

  test('stop ends the whole tree and leaves no socket', async () => {
    await startDetached(dataDir, app({ SPAWN: napSeconds }, { launcher, command: ['npm', 'start'] }))
    await up()
    const supervisor = (await status())?.pid as number
    expect(await endSupervisor(places().controlSocket)).toBe(true)
    await until(() => gone(supervisor))
    expect(await answersOn(places().appSocket)).toBe(false)
    expect(await supervisorsOf(dataDir)).toEqual([])
    // Without a sandbox a process that leaves its group escapes; that is one reason why only our own code runs so.
    if (launcher === 'sandbox') expect(await running(`sleep\0${napSeconds}`)).toBe(false)
  })

  test('ends with its supervisor when that is killed', async () => {
    await startDetached(dataDir, app({}, { launcher }))
    await up()
    process.kill((await status())?.pid as number, 'SIGKILL')
    await until(async () => !(await answersOn(places().appSocket)), { what: 'the app is gone' })
    await startDetached(dataDir, app({}, { launcher }))
    await up()
  })
})

test.each([
  ['a file beside its socket', ''],
  ['a file that is there for a moment', `fs.rmSync('/run/maestro/' + name)`],
  ['a link in place of its socket', `fs.rmSync('/run/maestro/app.sock'); fs.symlinkSync(name, '/run/maestro/app.sock')`],
])('an app is ended with words for %s, which goes', async (_, then) => {
  const litter = `const fs = require('fs'), name = 'x'; fs.writeFileSync('/run/maestro/' + name, 'x'.repeat(1e6)); ${then}`
  const serve = `require('http').createServer((_, answer) => { answer.end('{"ok":true}'); if (_.url === '/litter') { ${litter} } }).listen(process.env.PORT)`
  await startDetached(dataDir, app({}, { command: ['node', '-e', serve] }))
  await up()
  await get('/litter')
  await until(async () => (await status())?.restarts === 1, { what: 'the app is started again' })
  expect((await status())?.tail.join('\n')).toContain('beside its socket')
  await up()
  expect(await readdir(places().socketDir)).toEqual(['app.sock'])
})

test('no file without a name is made in a sandbox', async () => {
  const open = `try { require('fs').openSync('/data', 0o20200002); console.log('made') } catch (error) { console.log('refused ' + error.code) }`
  await startDetached(dataDir, app({}, { command: ['node', '-e', open], restart: 'never' }))
  await until(async () => (await status())?.phase === 'dead')
  expect((await status())?.tail.join('\n')).toContain('refused ENOTSUP')
})

test('pauses grow while the app keeps dying', async () => {
  await startDetached(dataDir, app({ DIE_AFTER_MS: '1' }))
  const third = await until(async () => {
    const now = await status()
    return now && now.restarts >= 3 ? now : null
  })
  expect(third.tail.join('\n')).toContain('dying on purpose')
})

test('outlives the process that started it and is found by its socket', async () => {
  const script = `import { startDetached } from '${new URL('./supervised.ts', import.meta.url).pathname}'
    await startDetached(${JSON.stringify(dataDir)}, ${JSON.stringify(app())}); process.stdout.write('started'); setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => starter.stdout.once('data', resolve))
  starter.kill('SIGKILL')
  await up()
  expect(await supervisorsOf(dataDir)).toMatchObject([{ key, release: 1, phase: 'running' }])
})

test('an attached one ends with the process that started it', async () => {
  const script = `import { startAttached } from '${new URL('./supervised.ts', import.meta.url).pathname}'
    await startAttached(${JSON.stringify(dataDir)}, ${JSON.stringify(app({}, { spool: null }))}, () => {}); process.stdout.write('started'); setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => starter.stdout.once('data', resolve))
  starter.kill('SIGKILL')
  await until(async () => (await supervisorsOf(dataDir)).length === 0)
})

test('an attached one hands over what the app says', async () => {
  let heard = ''
  await startAttached(dataDir, app({}, { spool: null, restart: 'never' }), (bytes) => {
    heard += bytes
  })
  await until(() => heard.includes('tiny app 1 is up'))
})

test('the spool stays within its bounds', async () => {
  await startDetached(dataDir, app())
  await up()
  await get('/flood')
  const dir = join(dataDir, 'spool')
  await until(async () => (await status())?.tail.some((line) => line.includes('line 39999')))
  const sizes = await Promise.all(spoolFiles(dir).map(async (path) => (await stat(path)).size))
  expect(sizes).toHaveLength(4)
  expect(Math.max(...sizes)).toBeLessThan(100_000 + 2 * 64 * 1024)
})
