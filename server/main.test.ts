import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callServer, serverStatus } from './core/control.ts'
import { type TestDatabase, testDatabase } from './testing/database.ts'
import { makeSession, makeUser } from './testing/factories.ts'
import { ask, bundleServer, freePort, type ServerProcess, startServer } from './testing/server-process.ts'
import { until } from './testing/until.ts'

let database: TestDatabase
let bundle: Awaited<ReturnType<typeof bundleServer>>
let dir: string
let port: number
let server: ServerProcess
let cookie: string

const dataDir = () => join(dir, 'data')
const settings = (over: Record<string, string> = {}) => ({
  MAESTRO_DEMO: '1',
  DATABASE_URL: database.url,
  MAESTRO_DATA_DIR: dataDir(),
  PORT: String(port),
  ...over,
})
const ready = (of: ServerProcess, at = dataDir()) =>
  until(
    async () => {
      if (of.child.exitCode !== null) throw new Error(of.output())
      return (await serverStatus(at))?.ready
    },
    { what: 'a ready server' },
  )

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 3 })
  dir = await mkdtemp(join(tmpdir(), 'maestro-main-'))
  port = await freePort()
  bundle = await bundleServer()
  const user = await makeUser()
  cookie = await makeSession(user.id)
  server = startServer(bundle.program, settings())
  await ready(server)
})
afterAll(async () => {
  server.child.kill('SIGKILL')
  await bundle.remove()
  await rm(dir, { recursive: true, force: true })
  await database.drop()
})

const trpc = async (path: string, input: unknown, method = 'POST') => {
  const json = JSON.stringify({ json: input })
  const [at, body] = method === 'GET' ? [`${path}?input=${encodeURIComponent(json)}`, undefined] : [path, json]
  const headers = { cookie, origin: `http://localhost:${port}`, 'content-type': 'application/json' }
  const answer = await ask(port, `/api/trpc/${at}`, { method, headers, body })
  if (answer.status !== 200) throw new Error(answer.text)
  return JSON.parse(answer.text).result.data.json
}

test('a mutation served by Next reaches the executor and a socket of main.ts', async () => {
  const { service, build } = await trpc('projects.create', {
    requestId: randomUUID(),
    source: { type: 'text', title: 'Keep notes', body: '' },
  })
  const socket = connect(`http://127.0.0.1:${port}`, {
    extraHeaders: { cookie, host: `localhost:${port}`, origin: `http://localhost:${port}` },
  })
  const heard: unknown[] = []
  socket.on('project:changed', (change) => heard.push(change))
  socket.on('connect', () => socket.emit('project:watch', { service }, () => undefined))
  try {
    const view = () => trpc('builds.get', { service, number: build }, 'GET')
    await until(async () => (await view()).startedAt !== null, { what: 'the executor starts the build' })
    await until(() => socket.connected)
    await trpc('builds.abort', { service, number: build })
    await until(async () => (await view()).status === 'ABORTED', { what: 'the build is aborted' })
    await until(() => heard.length > 0, { what: 'the socket hears of it' })
    expect(heard[0]).toMatchObject({ service })
  } finally {
    socket.close()
  }
})

test('Host decides first, then Origin', async () => {
  expect((await ask(port, '/', { headers: { host: 'evil.test' } })).status).toBe(421)
  expect((await ask(port, '/', { headers: { host: `nothing-here.localhost:${port}` } })).status).toBe(421)
  expect((await ask(port, '/', { headers: { host: `127.0.0.1:${port}` } })).status).toBe(200)
  const elsewhere = { cookie, origin: 'http://evil.test', 'content-type': 'application/json' }
  expect((await ask(port, '/api/trpc/projects.create', { method: 'POST', headers: elsewhere, body: '{}' })).status).toBe(403)
  const handshake = await ask(port, '/socket.io/?EIO=4&transport=polling', { headers: { cookie, origin: 'http://evil.test' } })
  expect(handshake.status).toBe(403)
})

test('an upgrade to a service is its own affair, also after a page was asked for', async () => {
  expect((await ask(port, '/sign-in')).status).toBe(200)
  const headers = { connection: 'Upgrade', upgrade: 'websocket' }
  expect((await ask(port, '/socket', { headers: { ...headers, host: `nothing-here.localhost:${port}` } })).status).toBe(421)
  expect((await ask(port, '/sign-in', { headers })).status).toBe(404)
})

test('an offer of HTTP/2 is declined, not the request', async () => {
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA' }
  expect(await ask(port, '/healthz', { headers })).toEqual({ status: 200, text: '{"status":"healthy"}' })
  const body = JSON.stringify({ json: { service: 'none', number: 1 } })
  const json = { ...headers, cookie, origin: `http://localhost:${port}`, 'content-type': 'application/json' }
  expect((await ask(port, '/api/trpc/builds.abort', { method: 'POST', headers: json, body })).status).toBe(404)
  expect((await ask(port, '/', { headers: { ...headers, host: 'evil.test' } })).status).toBe(421)
})

test('requests that no browser makes are refused in words', async () => {
  expect((await ask(port, 'http://evil.test/')).status).toBe(400)
  expect((await ask(port, '*', { method: 'OPTIONS' })).status).toBe(400)
  expect((await ask(port, '/%zz')).status).toBe(400)
})

test('a body has a bound, whether it says its length or not', async () => {
  const body = 'x'.repeat(10_000_000)
  const headers = { cookie, origin: `http://localhost:${port}`, 'content-type': 'application/json' }
  for (const framing of [{}, { 'transfer-encoding': 'chunked' }] as Record<string, string>[]) {
    const answer = await ask(port, '/api/trpc/projects.create', { method: 'POST', headers: { ...headers, ...framing }, body })
    expect([answer.status, JSON.parse(answer.text).error_code]).toEqual([413, 'TOO_LARGE'])
  }
  expect((await ask(port, '/healthz')).status).toBe(200)
})

test.each([
  ['/nothing/at/all', 404],
  ['/robots.none', 404],
  ['/api/nothing', 404],
  ['/no-such-service', 307],
  ['/no-such-service/builds/1', 307],
  ['/dashboard', 307],
  ['/projects/new', 307],
  ['/admin', 307],
])('who is not signed in is answered at %s with %i', async (path, status) => expect((await ask(port, path)).status).toBe(status))

test.each([
  ['/no-such-service', 404],
  ['/no-such-service/builds/1', 404],
  ['/admin', 404],
  ['/dashboard', 200],
])('who is signed in is answered at %s with %i', async (path, status) =>
  expect((await ask(port, path, { headers: { cookie } })).status).toBe(status),
)

test('pages stand in nobody’s frame', async () => {
  const headers = await new Promise<Record<string, unknown>>((resolve) =>
    request({ host: '127.0.0.1', port, path: '/sign-in', headers: { host: `localhost:${port}` } }, (answer) => {
      answer.resume()
      resolve(answer.headers)
    }).end(),
  )
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
})

test('says how it and what it depends on are', async () => {
  expect(JSON.parse((await ask(port, '/healthz')).text)).toEqual({ status: 'healthy' })
  expect(JSON.parse((await ask(port, '/readyz')).text)).toMatchObject({
    status: 'healthy',
    dependencies: { database: { status: 'healthy' }, executor: { status: 'healthy' }, model: { status: 'healthy' } },
  })
})

test('there is no door to the executor', async () => {
  expect((await ask(port, '/api/inngest', { method: 'PUT' })).status).toBe(404)
})

test('the control socket calls procedures as the operator', async () => {
  expect(await callServer(dataDir(), 'accounts.me', undefined)).toMatchObject({ email: 'admin@maestro.localhost', admin: true })
  await expect(callServer(dataDir(), 'projects.get', { service: 'no-such-service' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

describe('a start that cannot be', () => {
  const refusedWith = async (over: Record<string, string>) => {
    const other = startServer(bundle.program, settings({ MAESTRO_DATA_DIR: join(dir, 'other'), ...over }))
    expect(await other.ended).toBe(1)
    const lines = other.output().trim().split('\n')
    return lines.filter((line) => !line.startsWith('oidc-provider')).join('\n')
  }
  test('a port in use', async () => {
    expect(await refusedWith({})).toMatch(/^Port \d+ is in use by another program: choose another one with PORT\.$/)
  })
  test('a data directory in use', async () => {
    expect(await refusedWith({ MAESTRO_DATA_DIR: dataDir(), PORT: String(await freePort()) })).toMatch(
      /^Another Maestro server already runs on .*\.$/,
    )
  })
  test('a data directory that is a file', async () => {
    expect(await refusedWith({ MAESTRO_DATA_DIR: bundle.program })).toMatch(/^The data directory .* cannot be written: .*\.$/)
  })
  test('services on the base domain', async () => {
    expect(await refusedWith({ MAESTRO_DEMO: '0', MAESTRO_URL: 'https://maestro.example.com', TRUSTED_PROXY: '127.0.0.1' })).toMatch(
      /^Set SERVICES_DOMAIN .*\.$/,
    )
  })
  test('plain HTTP on every address', async () => {
    expect(await refusedWith({ MAESTRO_DEMO: '0', HOST: '0.0.0.0' })).toMatch(/^HOST is 0\.0\.0\.0, but plain HTTP .*\.$/)
  })
  test('a certificate that cannot be read', async () => {
    const none = join(dir, 'none.pem')
    expect(await refusedWith({ TLS_CERT_FILE: none, TLS_KEY_FILE: none })).toMatch(/^TLS_CERT_FILE cannot be read: .*\.$/)
  })
  test('a stand-in for sign-in on every address', async () => {
    expect(await refusedWith({ HOST: '0.0.0.0' })).toMatch(/^HOST is 0\.0\.0\.0, but the stand-in .*\.$/)
  })
  test('a database that is not there', async () => {
    const elsewhere = `postgresql://nobody@127.0.0.1:${await freePort()}/none`
    expect(await refusedWith({ DATABASE_URL: elsewhere, PORT: String(await freePort()) })).toMatch(/ECONNREFUSED/)
  })
})

test('production without Google and without the demo flag starts, and its sign-in page says what is missing', async () => {
  // Another node on the same database has to have the same master key.
  const keys = { MAESTRO_MASTER_KEY_FILE: join(dataDir(), 'master.key') }
  const other = { PORT: String(await freePort()), MAESTRO_DATA_DIR: join(dir, 'production'), MAESTRO_DEMO: '0', ...keys }
  const plain = startServer(bundle.program, settings(other))
  await ready(plain, other.MAESTRO_DATA_DIR)
  const page = await ask(Number(other.PORT), '/sign-in')
  expect(page.text).toContain('GOOGLE_CLIENT_ID')
  plain.child.kill('SIGTERM')
  expect(await plain.ended).toBe(0)
  expect(existsSync(join(other.MAESTRO_DATA_DIR, 'run', 'control.sock'))).toBe(false)
})

test('starts again after it was killed', async () => {
  server.child.kill('SIGKILL')
  await server.ended
  server = startServer(bundle.program, settings())
  await ready(server)
  expect((await ask(port, '/sign-in')).status).toBe(200)
})
