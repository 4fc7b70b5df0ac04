import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { answersOn, listenOn } from '@/server/core/unix-http.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { until } from '@/server/testing/until.ts'
import type { Upstream } from '../service.ts'
import { serviceProxy } from './proxy.ts'

let dir: string
let app: ChildProcess
let server: Server
let port: number
let socketPath: string
let upstream: Upstream
let slug = 0

async function startApp(): Promise<ChildProcess> {
  const env = { ...process.env, PORT: socketPath, DATA_DIR: dir }
  const child = spawn(process.execPath, [join(dir, 'app', 'server.js')], { env, stdio: 'ignore' })
  await until(() => answersOn(socketPath))
  return child
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maestro-proxy-'))
  socketPath = join(dir, 'app.sock')
  await writeTinyApp(join(dir, 'app'))
  app = await startApp()
  const proxy = serviceProxy({ upstreamFor: async () => upstream, clock: systemClock, protocol: 'http', holdMs: 1_500, answerMs: 400 })
  server = createServer((incoming, response) => proxy.web(`notes-${slug}`, incoming, response))
  server.on('upgrade', (incoming, socket, head) => proxy.upgrade(`notes-${slug}`, incoming, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  app.kill('SIGKILL')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(dir, { recursive: true, force: true })
})
beforeEach(() => {
  // A name of its own for each test: who answers under one is remembered for a moment.
  slug++
  upstream = { answer: 'forward', state: 'UP', socketPath }
})

const base = () => `http://127.0.0.1:${port}`
const html = { accept: 'text/html' }

test('passes a request on with its host and its caller', async () => {
  const headers = await (
    await fetch(`${base()}/headers`, { headers: { 'x-forwarded-for': '9.9.9.9', cookie: 'next-auth.session-token=x; a=1' } })
  ).json()
  expect(headers).toMatchObject({ host: `127.0.0.1:${port}`, 'x-forwarded-for': '127.0.0.1', cookie: 'a=1' })
})

test('the client that the front has found out is named, and nothing that is ours', async () => {
  const headers = await (await fetch(`${base()}/headers`, { headers: { [addressHeader]: '203.0.113.9', 'x-maestro-more': '1' } })).json()
  expect(headers['x-forwarded-for']).toBe('203.0.113.9')
  expect(Object.keys(headers).filter((name) => name.startsWith('x-maestro-'))).toEqual([])
})

test('cookies lose their domain, and what Connection names stays between proxy and app', async () => {
  const answer = await fetch(`${base()}/cookies`)
  expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/; HttpOnly', 'b=2', 'c=3; Path=/'])
  expect(answer.headers.get('x-private')).toBeNull()
})

test('bodies stream both ways', async () => {
  const call = request({ port, path: '/echo', method: 'POST' })
  const answered = once(call, 'response')
  call.write('one')
  const [answer] = (await answered) as [IncomingMessage]
  const [first] = await once(answer, 'data')
  expect(String(first)).toBe('one')
  call.end('two')
  const [second] = await once(answer, 'data')
  expect(String(second)).toBe('two')
})

test('a large body comes back whole', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024, 'x')
  const answer = await fetch(`${base()}/echo`, { method: 'POST', body })
  expect((await answer.arrayBuffer()).byteLength).toBe(body.length)
})

test('an answer that breaks off does not look whole', async () => {
  await expect(fetch(`${base()}/cut`).then((answer) => answer.text())).rejects.toThrow()
})

test('an app that never answers is given up with 504, one that begins may take its time', async () => {
  const never = await fetch(`${base()}/never`, { headers: html })
  expect(never.status).toBe(504)
  expect(await never.text()).toContain('Too slow')
  expect(await (await fetch(`${base()}/slow?ms=900`)).text()).toBe('firstlast')
})

async function upgradeAt(path: string) {
  const socket = connect(port, '127.0.0.1')
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [head] = await once(socket, 'data')
  return { socket, head: String(head).toLowerCase() }
}

test('a WebSocket is passed on and echoes', async () => {
  const { socket, head } = await upgradeAt('/socket')
  expect(head).toContain('101 switching protocols')
  expect(head).toContain('sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=')
  expect(head).toContain('set-cookie: w=1\r\n')
  socket.write('hello')
  const [echo] = await once(socket, 'data')
  expect(String(echo)).toBe('hello')
  socket.destroy()
})

test("an app's refusal of a WebSocket is passed on", async () => {
  const { socket, head } = await upgradeAt('/refuse')
  expect(head).toContain('403 forbidden')
  expect(head).toContain('set-cookie: d=4\r\n')
  socket.destroy()
})

test.each([
  ['unknown', null, 421],
  ['undeployed', 'NEVER_DEPLOYED', 503],
  ['stopped', 'STOPPED', 503],
] as const)('a service that is %s is answered in words', async (answer, state, status) => {
  upstream = { answer, state, socketPath }
  const page = await fetch(base(), { headers: { ...html, 'accept-language': 'ko' } })
  expect(page.status).toBe(status)
  expect(await page.text()).toContain('<html lang="ko">')
  expect(await (await fetch(base())).json()).toHaveProperty('error.message')
  expect((await upgradeAt('/')).head).toContain(`http/1.1 ${status}`)
})

test('a link in the place of a service’s socket leads to no other', async () => {
  let reached = 0
  const secret = createServer((_request, response) => {
    reached++
    response.end('secret')
  })
  const [secretPath, link] = [join(dir, 'secret.sock'), join(dir, 'link.sock')]
  await listenOn(secret, secretPath)
  await symlink('secret.sock', link)
  upstream = { answer: 'forward', state: 'DOWN', socketPath: link }
  expect((await fetch(base())).status).toBe(503)
  expect((await upgradeAt('/')).head).toContain('http/1.1 503')
  expect(reached).toBe(0)
  upstream = { answer: 'forward', state: 'UP', socketPath: secretPath }
  slug++
  expect(await (await fetch(base())).text()).toBe('secret')
  secret.close()
})

test('a request waits for a switch-over, with its body', async () => {
  upstream = { answer: 'hold', state: 'STARTING', socketPath }
  const answer = fetch(`${base()}/echo`, { method: 'POST', body: 'patience' })
  setTimeout(() => {
    upstream = { answer: 'forward', state: 'UP', socketPath }
  }, 200)
  expect(await (await answer).text()).toBe('patience')
})

test('a switch-over that takes too long is answered with 503', async () => {
  upstream = { answer: 'hold', state: 'STARTING', socketPath }
  const answer = await fetch(base(), { headers: html })
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.text()).toContain('Starting')
})

test('a request waits for an app that died a moment ago; one that is known to be down is answered at once', async () => {
  app.kill('SIGKILL')
  await once(app, 'exit')
  await rm(socketPath, { force: true })
  const answer = fetch(`${base()}/version`)
  upstream = { answer: 'forward', state: 'UP', socketPath }
  app = await startApp()
  expect((await answer).status).toBe(200)
  slug++
  upstream = { answer: 'forward', state: 'DOWN', socketPath: join(dir, 'nobody.sock') }
  expect((await fetch(base())).status).toBe(503)
})
