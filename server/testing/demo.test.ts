import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directoryHash, projectRoot } from '@/server/core/paths.ts'
import { listFiles } from './structure/sources.ts'

const asRoot = userInfo().uid === 0
let outer: string
let copy: string

/** A copy of the checkout as it is built, in a directory that no other user can enter. Packages are linked file by file: real paths count. */
beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'maestro-closed-'))
  chmodSync(outer, 0o700)
  copy = join(outer, 'clone')
  for (const path of listFiles()) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(projectRoot(), path), join(copy, path))
  }
  for (const made of ['dist', '.next', join('server', 'core', 'generated')]) {
    if (existsSync(join(projectRoot(), made))) execFileSync('cp', ['-a', join(projectRoot(), made), join(copy, made)])
  }
  const packages = join(projectRoot(), 'node_modules')
  try {
    execFileSync('cp', ['-al', packages, copy], { stdio: 'ignore' })
  } catch {
    // Another disk, or files of somebody else's: what was linked so far would be in the way.
    rmSync(join(copy, 'node_modules'), { recursive: true, force: true })
    execFileSync('cp', ['-a', packages, copy])
  }
}, 240_000)

afterAll(async () => {
  await bootstrap(['stop'])
  rmSync(join('/var/lib/maestro', directoryHash(join(copy, '.maestro'))), { recursive: true, force: true })
  rmSync(outer, { recursive: true, force: true })
})

function bootstrap(args: string[]): Promise<{ code: number; output: string; lines: string[] }> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: outer, PATH_EXTRA: '' } as unknown as NodeJS.ProcessEnv
    const options = { cwd: copy, env: { ...env, PATH: `${dirname(process.execPath)}:${env.PATH}` }, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, ['server/bootstrap.mjs', ...args], options, (error, stdout, stderr) => {
      const code = error ? ((error.code as unknown as number) ?? 1) : 0
      resolve({ code, output: stdout + stderr, lines: stdout.trim().split('\n') })
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('the demo runs the sample to the end in a directory that other users cannot enter', async () => {
  const { code, output, lines } = await bootstrap(['demo', '--once', '--json', '--port', String(await freePort())])
  expect(code, output).toBe(0)
  const result = JSON.parse(lines.at(-1) ?? '')
  expect(result).toMatchObject({ build: { number: 1, status: 'SUCCESS' }, service: { healthy: true } })
  expect(result.roles.map(({ role }: { role: string }) => role)).toContain('backend-developer')
  if (asRoot) expect(output).toContain('/var/lib/maestro')
}, 420_000)

test('after --once nothing of it runs any more', async () => {
  const { lines } = await bootstrap(['stop'])
  expect(lines.at(-1)).toMatch(/^Nothing runs on /)
  const running = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return execFileSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).startsWith(outer)
    } catch {
      return false
    }
  })
  expect(running).toEqual([])
})

test('arguments that cannot be used end with 2 and one sentence', async () => {
  for (const args of [['--port', 'many'], ['--issue', '/no/such/file.md'], ['--issue', 'https://example.com/1'], ['--unknown']]) {
    const { code, output } = await bootstrap(['demo', ...args])
    expect(code, output).toBe(2)
  }
})

test('a port in use and a data directory that cannot be written end with 1 and one sentence', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const taken = await bootstrap(['demo', '--port', String(port)])
  expect(taken).toMatchObject({ code: 1 })
  expect(taken.output.trim().split('\n').at(-1)).toBe(`Port ${port} is in use by another program: choose another one with --port.`)
  server.close()
  const closed = await bootstrap(['demo', '--data-dir', join(copy, 'package.json')])
  expect(closed).toMatchObject({ code: 1 })
  expect(closed.output).toContain('cannot be written: a file is in the way.')
})
