import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxExecutor } from '../executors/sandbox.ts'
import { openRegistryProxy, parseAuthority } from './proxy.ts'
import { bypasses, parseSettings, registrySettings } from './settings.ts'

const folder = await mkdtemp(join(tmpdir(), 'maestro-registry-'))
const open: Server[] = []
let registryPort = 0
let otherPort = 0
const seen: IncomingMessage[] = []

async function listening(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
beforeAll(async () => {
  registryPort = await listening(
    createServer((incoming, response) => {
      seen.push(incoming)
      response.end(`registry ${incoming.url}`)
    }),
  )
  otherPort = await listening(createServer((_incoming, response) => response.end('OUT')))
})
afterAll(async () => {
  for (const server of open) server.close()
  await rm(folder, { recursive: true, force: true })
})

const settings = (upstream: string | null = null) => ({
  registry: new URL(`http://127.0.0.1:${registryPort}/`),
  upstream: upstream ? new URL(upstream) : null,
  caFile: null,
  strictTls: true,
})
let counter = 0
async function proxy(given = settings()): Promise<string> {
  const path = join(folder, `${++counter}.sock`)
  open.push(await openRegistryProxy(path, given))
  return path
}
/** What comes back for one request line written by hand. */
function say(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(path, () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    // Each ends by itself; an end of ours would cut off what is merely slow.
    socket.on('close', () => resolve(answer)).on('error', () => resolve(answer))
  })
}
const get = (socketPath: string, path: string, headers = {}) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const outgoing = request({ socketPath, path, headers }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      resolve({ status: answer.statusCode, text })
    })
    outgoing.on('error', reject).end()
  })

describe('the way out', () => {
  test('leads to the registry, with CONNECT and plainly, and drops what could be a secret', async () => {
    const path = await proxy()
    const url = `http://127.0.0.1:${registryPort}/hono`
    expect(await get(path, url, { authorization: 'Bearer secret', cookie: 'a=b', accept: 'x' })).toEqual({
      status: 200,
      text: 'registry /hono',
    })
    expect(seen.at(-1)?.headers).toMatchObject({ accept: 'x', host: `127.0.0.1:${registryPort}` })
    expect(seen.at(-1)?.headers.authorization ?? seen.at(-1)?.headers.cookie).toBeUndefined()
    const tunnel = `CONNECT 127.0.0.1:${registryPort} HTTP/1.1\r\n\r\nGET /inside HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`
    expect(await say(path, tunnel)).toMatch(/^HTTP\/1\.1 200 .*registry \/inside$/s)
  })

  test.each([
    () => `127.0.0.1:${otherPort}`,
    () => `localhost:${registryPort}`,
    () => 'example.com:443',
    () => `127.0.0.1:${registryPort}.example.com:443`,
    () => `user@127.0.0.1:${registryPort}`,
    () => `127.0.0.1:${registryPort}@example.com:80`,
    () => '169.254.169.254:80',
    () => '[::1]:5432',
    () => '127.0.0.1',
    () => '',
  ])('and nowhere else: CONNECT %#', async (target) => {
    const answer = await say(await proxy(), `CONNECT ${target()} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n`)
    expect(answer).not.toContain('200')
    expect(answer).not.toContain('OUT')
  })

  test.each([
    () => `http://127.0.0.1:${otherPort}/`,
    () => `http://localhost:${registryPort}/`,
    () => `http://127.0.0.1:${registryPort}@localhost:${otherPort}/`,
    () => '/etc/passwd',
    () => 'file:///etc/passwd',
    () => `https://127.0.0.1:${registryPort}/`,
  ])('and nowhere else: plain %#', async (target) => {
    expect((await get(await proxy(), target())).status).toBe(403)
  })

  test('goes through this machine’s own proxy where one is set, which alone sees its password', async () => {
    const lines: string[] = []
    const upstream = createTcp((socket) => {
      socket.once('data', (chunk) => {
        lines.push(String(chunk))
        socket.end('HTTP/1.1 200 OK\r\n\r\nfrom upstream')
      })
    })
    const port = await listening(upstream as unknown as Server)
    const path = await proxy(settings(`http://me:secret@127.0.0.1:${port}`))
    expect(await say(path, `CONNECT 127.0.0.1:${registryPort} HTTP/1.1\r\n\r\n`)).toContain('from upstream')
    expect(lines[0]).toContain(`CONNECT 127.0.0.1:${registryPort} HTTP/1.1`)
    expect(lines[0]).toContain(`Basic ${Buffer.from('me:secret').toString('base64')}`)
  })

  test('survives nonsense', async () => {
    const path = await proxy()
    await say(path, '\0\0\0 nonsense\r\n\r\n')
    expect((await get(path, `http://127.0.0.1:${registryPort}/still`)).text).toBe('registry /still')
  })
})

test('what npm is set to becomes settings, without any token', () => {
  const config = {
    registry: 'https://user:pw@npm.example/x/',
    'https-proxy': 'http://proxy:3128',
    noproxy: ['internal'],
    '//npm.example/:_authToken': 'T',
  }
  const read = parseSettings(config, [])
  expect([read.registry.href, read.upstream?.href, read.caFile]).toEqual(['https://npm.example/x/', 'http://proxy:3128/', null])
  expect(JSON.stringify(read)).not.toMatch(/pw|"T"/)
  expect(parseSettings({ ...config, noproxy: '.example' }, []).upstream).toBeNull()
  expect(parseSettings(config, [process.execPath]).caFile).toBe(process.execPath)
  expect(() => parseSettings({}, [])).toThrow('names no package registry')
  expect([bypasses('a.b.c', ['b.c']), bypasses('ab.c', ['b.c']), bypasses('x', ['*']), bypasses('x', [''])]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([parseAuthority('[::1]:1'), parseAuthority('a:b:1')]).toEqual([{ host: '::1', port: 1 }, null])
})

const { ok: sandboxed } = await sandboxExecutor(folder).trial()
const online = sandboxed && spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=8000'], { cwd: '/' }).status === 0

test.skipIf(!online)('the install step of a sandbox installs, its cache serves it again, and other steps reach nothing', async () => {
  const executor = sandboxExecutor(folder)
  const workspace = await executor.prepare('install')
  let output = ''
  const run = (command: string, network: 'none' | 'registry') => {
    output = ''
    const spec = { key: `install-${process.pid}`, workspace, command, network, timeoutMs: 100_000, cache: 'project-1' }
    return executor.run(spec, (chunk) => {
      output += chunk
      return undefined
    })
  }
  const { registry } = await registrySettings()
  expect((await run('npm init -y >/dev/null; npm install hono@4.13.19; ls node_modules', 'registry')).exitCode).toBe(0)
  expect(output).toContain('hono')
  expect((await run(`rm -rf node_modules; npm ci; env`, 'registry')).exitCode).toBe(0)
  expect(output).not.toMatch(/_auth|token/i)
  expect((await run('npm ci --offline; echo from the cache', 'registry')).exitCode).toBe(0)
  const dial = (host: string) => `node -e "fetch('https://${host}').then(() => console.log('OUT'), () => console.log('closed'))"`
  await run(`${dial(registry.host)}; test ! -e /cache; test ! -e /run/maestro-registry.sock`, 'none')
  expect(output).toBe('closed\n')
  await run(`curl -sS -m 5 https://example.com && echo OUT; ls /cache | head -3`, 'registry')
  expect(output).not.toContain('OUT')
})
