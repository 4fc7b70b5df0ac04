import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { env } from './env.ts'
import { type OutboundRules, outboundFetch } from './outbound.ts'
import { isPublicAddress } from './public-address.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let answer: Answer = (_request, response) => void response.end('hello')
const servers: Server[] = []
let port = 0
let secretPort = 0
let seen: IncomingMessage[] = []

async function listen(host: string, handler: Answer): Promise<number> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, host, done))
  return (server.address() as AddressInfo).port
}

// One loopback address stands for the internet; the others are what must not be reached.
beforeAll(async () => {
  env().MAESTRO_OUTBOUND_NETWORKS = '127.0.0.2'
  port = await listen('127.0.0.2', (request, response) => {
    seen.push(request)
    answer(request, response)
  })
  secretPort = await listen('127.0.0.1', (_request, response) => void response.end('secret'))
})
beforeEach(() => {
  seen = []
  answer = (_request, response) => void response.end('hello')
})
afterAll(() => {
  delete env().MAESTRO_OUTBOUND_NETWORKS
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
})

const call = (url: string, rules: OutboundRules = {}, init = {}) =>
  outboundFetch({ resolve: async () => ['127.0.0.2'], ...rules })(url, init).then((response) => response.text())
const refusedAs = (key: string) => expect.objectContaining({ name: 'AppError', key })

test('addresses that are not on the public internet are known in every form', () => {
  const inside = ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200', '0.0.0.0']
  inside.push('224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '192.0.0.192', '168.63.129.16', '240.0.0.1')
  inside.push('::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '::ffff:8.8.8.8', '::ffff:127.0.0.1', '::127.0.0.1')
  inside.push('64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '3fff::1', '4000::1', 'nonsense', '')
  for (const address of inside) expect(isPublicAddress(address), address).toBe(false)
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])
    expect(isPublicAddress(address), address).toBe(true)
})

test('hosts of this machine are refused however they are written', async () => {
  const hosts = ['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]']
  for (const host of [...hosts, '169.254.169.254', '[fd00:ec2::254]'])
    await expect(call(`http://${host}:${secretPort}/`), host).rejects.toThrow(refusedAs('outsideRefused'))
  await expect(outboundFetch()(`http://localhost:${secretPort}/`)).rejects.toThrow(refusedAs('outsideRefused'))
})

test('a host is looked up once and called at that address', async () => {
  const answers = [['127.0.0.2'], ['127.0.0.1']]
  const resolve = async () => answers.shift() ?? []
  expect(await call(`http://rebinding.test:${port}/`, { resolve })).toBe('hello')
  expect(seen[0]?.headers.host).toBe(`rebinding.test:${port}`)
  expect(answers).toHaveLength(1)
  await expect(call(`http://rebinding.test:${port}/`, { resolve })).rejects.toThrow(refusedAs('outsideRefused'))
  const mixed = async () => ['127.0.0.2', '10.0.0.1']
  await expect(call(`http://mixed.test:${port}/`, { resolve: mixed })).rejects.toThrow(refusedAs('outsideRefused'))
})

test('each redirect is checked like the first address', async () => {
  const to = (location: string) => {
    answer = (_request, response) => void response.writeHead(302, { location }).end()
  }
  for (const location of [`http://127.0.0.1:${secretPort}/`, 'http://[::1]/', 'http://0x7f.1/']) {
    to(location)
    await expect(call(`http://a.test:${port}/`), location).rejects.toThrow(refusedAs('outsideRefused'))
  }
  to('file:///etc/passwd')
  await expect(call(`http://a.test:${port}/`)).rejects.toThrow(refusedAs('outsideScheme'))
  to('http://user:pw@b.test/')
  await expect(call(`http://a.test:${port}/`)).rejects.toThrow(refusedAs('outsideCredentials'))
  to(`http://b.test:${port}/`)
  await expect(call(`http://a.test:${port}/`, { permits: (url) => url.hostname === 'a.test' })).rejects.toThrow(refusedAs('outsideList'))
  seen = []
  await expect(call(`http://a.test:${port}/`)).rejects.toThrow(refusedAs('outsideRedirects'))
  expect(seen).toHaveLength(6)
})

test('secrets stay with the host they were meant for, cookies with nobody', async () => {
  answer = (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: `http://b.test:${port}/end`, 'set-cookie': 'a=b' }).end()
    else response.end('there')
  }
  const headers = { authorization: 'Bearer x', 'x-key': 'y', cookie: 'a=b', accept: 'text/html' }
  expect(await call(`http://a.test:${port}/`, {}, { headers })).toBe('there')
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer x', 'x-key': 'y' })
  expect(seen[0]?.headers.cookie).toBeUndefined()
  expect(seen[1]?.headers).toMatchObject({ accept: 'text/html', host: `b.test:${port}` })
  for (const name of ['authorization', 'x-key', 'cookie']) expect(seen[1]?.headers[name]).toBeUndefined()
  await expect(call(`http://a.test:${port}/`, {}, { method: 'POST', body: '{}' })).rejects.toThrow(refusedAs('outsideRedirect'))
})

test('time and size are bounded, also of what unpacks to very much', async () => {
  answer = (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)))
  await expect(call(`http://a.test:${port}/`, { maxBytes: 1_000_000 })).rejects.toThrow(refusedAs('outsideTooLarge'))
  answer = (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'))
  expect(await call(`http://a.test:${port}/`)).toBe('packed')
  answer = (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end('x')
  await expect(call(`http://a.test:${port}/`)).rejects.toThrow(refusedAs('outsidePacked'))
  answer = () => undefined
  await expect(call(`http://a.test:${port}/`, { timeoutMs: 100 })).rejects.toThrow(refusedAs('outsideSlow'))
  answer = (_request, response) => void response.writeHead(200).write('x')
  await expect(call(`http://a.test:${port}/`, { timeoutMs: 100 })).rejects.toThrow()
  await expect(call(`http://a.test:${port}/`, { resolve: () => new Promise(() => undefined), timeoutMs: 50 })).rejects.toThrow(
    refusedAs('outsideSlow'),
  )
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(call(`http://a.test:${port}/`, {}, { signal: stopped })).rejects.toThrow('stopped')
})

test('other ports, schemes and unreachable hosts are refused in words', async () => {
  for (const url of ['http://a.test:25/', 'http://a.test:22/', 'http://a.test:6667/'])
    await expect(call(url), url).rejects.toThrow(refusedAs('outsidePort'))
  await expect(call('ftp://a.test/')).rejects.toThrow(refusedAs('outsideScheme'))
  await expect(call('nothing')).rejects.toThrow(refusedAs('outsideNoAddress'))
  await expect(call('http://a.test/', { resolve: () => Promise.reject(new Error('no')) })).rejects.toThrow(refusedAs('outsideUnknown'))
  await expect(call(`http://a.test:${secretPort}/`)).rejects.toThrow(refusedAs('outsideUnreachable'))
})
