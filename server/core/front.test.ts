import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http'
import { request as secureRequest } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as secureConnect } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '@/server/testing/certificate.ts'
import { until } from '@/server/testing/until.ts'
import { type Approach, type Front, makeFront } from './front.ts'
import { hostRules, ownOrigins } from './http.ts'

const certificate = makeCertificate()
const base = 'https://maestro.example.com'
const host = 'maestro.example.com'
const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }
let dir: string
let front: Front
let seen: IncomingMessage[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maestro-front-'))
  await writeFile(join(dir, 'cert.pem'), certificate.cert)
  await writeFile(join(dir, 'key.pem'), certificate.key)
})
afterEach(async () => {
  seen = []
  await front.close(100)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A front on a port of its own, before a Maestro that answers with what it read and a service that says its name. */
async function serve(approach: Approach): Promise<void> {
  front = makeFront(approach)
  await front.listen(0, '127.0.0.1')
  front.open({
    rules: hostRules(base, 'apps.example.net'),
    origins: ownOrigins(base),
    maestro: {
      request: (request, response) => {
        seen.push(request)
        let bytes = 0
        request.on('data', (chunk) => {
          bytes += chunk.length
        })
        request.on('end', () => {
          const types: Record<string, string> = { '/page': 'text/html; charset=utf-8', '/json': 'application/json' }
          if (types[request.url ?? '']) response.setHeader('content-type', types[request.url ?? ''] ?? '')
          if (request.url === '/download') response.setHeader('content-security-policy', 'sandbox')
          response.end(String(bytes))
        })
      },
      upgrade: (request, socket) => {
        seen.push(request)
        socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
      },
    },
    service: {
      web: (slug, request, response) => {
        seen.push(request)
        response.end(slug)
      },
      upgrade: (_slug, _request, socket) => socket.end('HTTP/1.1 418 Service\r\n\r\n'),
    },
  })
}
const port = () => (front.server.address() as AddressInfo).port
const ownTls = (): Approach => ({ tls: { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') } })

interface Reply {
  status: number
  text: string
  headers: IncomingMessage['headers']
}
function ask(path: string, options: RequestOptions = {}, body?: Buffer | string): Promise<Reply> {
  const make = 'cert' in front.server ? secureRequest : plainRequest
  return new Promise((resolve, reject) => {
    const headers = { host, ...(options.headers as Record<string, string>) }
    const tls = { ca: certificate.cert, servername: 'localhost' }
    const call = make({ host: '127.0.0.1', port: port(), path, agent: false, ...tls, ...options, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
      answer.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
const code = (reply: Reply) => JSON.parse(reply.text).error_code

describe('own TLS', () => {
  test('answers over HTTPS alone, and asks browsers to stay there', async () => {
    await serve(ownTls())
    const page = await ask('/page')
    expect(page.status).toBe(200)
    expect(page.headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/)
    expect(page.headers['content-security-policy']).toContain('upgrade-insecure-requests')
    expect(seen[0]?.headers).toMatchObject({
      'x-maestro-address': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '127.0.0.1',
    })
    const plain = connect(port(), '127.0.0.1').on('error', () => undefined)
    plain.write('GET / HTTP/1.1\r\nhost: maestro.example.com\r\n\r\n')
    let heard = ''
    plain.on('data', (bytes) => {
      heard += bytes.toString('latin1')
    })
    await new Promise((resolve) => plain.once('close', resolve))
    expect(heard).not.toContain('HTTP/1.1')
  })

  test('older protocols than TLS 1.2 are refused', async () => {
    await serve(ownTls())
    const old = secureConnect({
      port: port(),
      host: '127.0.0.1',
      ca: certificate.cert,
      servername: 'localhost',
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await expect(new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject))).rejects.toThrow()
  })

  test('an offer of HTTP/2 is declined, not the request', async () => {
    await serve(ownTls())
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA' }
    expect(await ask('/json', { headers })).toMatchObject({ status: 200, text: '0' })
  })

  test('upgrades come over the same TLS', async () => {
    await serve(ownTls())
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', origin: base }
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: port(), path: '/socket.io/', ca: certificate.cert, servername: 'localhost' }
      secureRequest({ ...options, headers: { host, ...upgrade, 'x-forwarded-for': '9.9.9.9', 'x-maestro-address': '9.9.9.9' } })
        .on('upgrade', (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(101)
    expect(seen[0]?.headers['x-maestro-address']).toBe('127.0.0.1')
  })
})

describe('behind a proxy', () => {
  const proxied: Approach = { proxies: ['127.0.0.1', '10.0.0.0/8'] }

  test('the address it names is the client’s, and nothing else of what a client says reaches Maestro', async () => {
    await serve(proxied)
    const lies = {
      'x-maestro-address': '1.1.1.1',
      'x-maestro-role': 'admin',
      'x-nonce': 'mine',
      forwarded: 'for=1.1.1.1',
      'x-real-ip': '1.1.1.1',
    }
    await ask('/json', {
      headers: { ...lies, 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3', 'x-forwarded-proto': 'https', 'x-forwarded-port': '1' },
    })
    const headers = seen[0]?.headers ?? {}
    expect(headers).toMatchObject({ 'x-maestro-address': '203.0.113.9', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': host })
    expect(headers['x-nonce']).not.toBe('mine')
    for (const name of ['x-maestro-role', 'forwarded', 'x-real-ip', 'x-forwarded-port']) expect(headers[name]).toBeUndefined()
  })

  test('plain HTTP is sent on where that is safe, and refused elsewhere', async () => {
    await serve(proxied)
    const headers = { 'x-forwarded-proto': 'http', 'x-forwarded-for': '203.0.113.9' }
    const page = await ask('/page?a=%0d%0ab', { headers })
    expect([page.status, page.headers.location]).toEqual([308, `${base}/page?a=%0d%0ab`])
    expect(page.headers['strict-transport-security']).toBeUndefined()
    const service = await ask('//evil.test/x', { headers: { ...headers, host: 'notes.apps.example.net' } })
    expect(service.headers.location).toBe('https://notes.apps.example.net//evil.test/x')
    expect((await ask('/', { headers: { ...headers, host: 'evil.test' } })).status).toBe(421)
    const post = await ask('/json', { method: 'POST', headers: { ...headers, origin: base } }, 'secret')
    expect([post.status, code(post)]).toEqual([403, 'FORBIDDEN'])
    const last = await ask('/', { headers: { ...headers, 'x-forwarded-proto': 'https, http' } })
    expect(last.status).toBe(308)
    expect(seen).toEqual([])
  })

  test('a proxy that does not say how it was spoken to is refused in words; somebody on this machine is not', async () => {
    await serve(proxied)
    expect((await ask('/json', { headers: { 'x-forwarded-for': '203.0.113.9' } })).text).toContain('X-Forwarded-Proto')
    expect((await ask('/json')).status).toBe(200)
  })

  test('a proxy that puts its own name into Host says beside it what it was asked for', async () => {
    await serve(proxied)
    const under = (asked: string) => ask('/json', { headers: { ...forwarded, host: 'upstream', 'x-forwarded-host': asked } })
    expect((await under(host)).text).toBe('0')
    expect((await under('notes.apps.example.net')).text).toBe('notes')
    expect((await under('evil.test')).status).toBe(421)
    // Where Host itself decides, nothing beside it does.
    expect((await ask('/json', { headers: { ...forwarded, 'x-forwarded-host': 'notes.apps.example.net' } })).text).toBe('0')
  })

  test('services hear the client’s address too', async () => {
    await serve(proxied)
    const answer = await ask('/', { headers: { ...forwarded, host: 'notes.apps.example.net', 'x-maestro-address': '1.1.1.1' } })
    expect(answer.headers['strict-transport-security']).toBeDefined()
    expect(seen[0]?.headers['x-maestro-address']).toBe('203.0.113.9')
  })

  test('a peer that is neither the proxy nor this machine is refused, upgrades too', async () => {
    await serve({ proxies: ['10.0.0.1'] })
    // Nobody else can reach this server here, so the connection is told that its peer is somebody else.
    front.server.prependListener('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.7' }))
    const refused = await ask('/json', { headers: forwarded })
    expect([refused.status, code(refused)]).toEqual([403, 'FORBIDDEN'])
    expect(
      (await ask('/socket.io/', { headers: { ...forwarded, origin: base, connection: 'Upgrade', upgrade: 'websocket' } })).status,
    ).toBe(403)
    expect(seen).toEqual([])
  })
})

describe('pages', () => {
  test('each has a nonce of its own, which its scripts find in the request', async () => {
    await serve({ proxies: ['127.0.0.1'] })
    const [one, two] = [await ask('/page', { headers: forwarded }), await ask('/page', { headers: forwarded })]
    const policies = [one, two].map(({ headers }) => String(headers['content-security-policy']))
    expect(policies[0]).toContain(`script-src 'nonce-${seen[0]?.headers['x-nonce']}' 'strict-dynamic'`)
    expect(policies[0]).toContain(`connect-src 'self' wss://${host}`)
    expect(policies[0]).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/)
    expect(seen[0]?.headers['content-security-policy']).toBe(policies[0])
    expect(policies[0]).not.toBe(policies[1])
    expect(one.headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
    expect(one.headers['permissions-policy']).toContain('camera=()')
  })

  test('no public page may show apps in a frame; the others may, from the hosts of services', async () => {
    await serve({ proxies: ['127.0.0.1'], previews: 'https://*.apps.example.net' })
    const frames = async (path: string) =>
      /frame-src ([^;]*)/.exec(String((await ask(path, { headers: forwarded })).headers['content-security-policy']))?.[1]
    const id = '0190b3c4-0000-7000-8000-000000000000'
    expect(await frames(`/workspace/${id}?panel=preview`)).toBe("'self' https://*.apps.example.net")
    expect(await frames('/workspace')).toBe("'self' https://*.apps.example.net")
    for (const path of ['/', '/?lang=ko', '/sign-in?callbackUrl=%2Fworkspace', '/beta', '/shared/secret', '/docs/api'])
      expect(await frames(path)).toBe("'self'")
  })

  test('what is no page needs no policy, and a download keeps its own', async () => {
    await serve({ proxies: ['127.0.0.1'] })
    expect((await ask('/json', { headers: forwarded })).headers['content-security-policy']).toBeUndefined()
    expect((await ask('/download', { headers: forwarded })).headers['content-security-policy']).toBe('sandbox')
    expect((await ask('/untyped', { headers: forwarded })).headers['content-security-policy']).toContain("object-src 'none'")
  })

  test('the development server may use eval, and on this machine nothing is upgraded', async () => {
    await serve({ development: true })
    const { headers } = await ask('/page')
    expect(headers['content-security-policy']).toContain("'strict-dynamic' 'unsafe-eval'")
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    expect(headers['strict-transport-security']).toBeUndefined()
  })
})

test('a token opens what programs call, and means nothing to pages', async () => {
  await serve({})
  const headers = { authorization: 'Basic b3BlbjpzZXNhbWU=' }
  for (const path of ['/json', '/api/rest/me']) await ask(path, { headers })
  expect(seen.map((request) => request.headers.authorization)).toEqual([undefined, headers.authorization])
})

describe('bodies', () => {
  const post = { method: 'POST', headers: { origin: base } }
  const chunked = { method: 'POST', headers: { origin: base, 'transfer-encoding': 'chunked' } }

  test.each([0, 1, 20_000, 70_000, 8 * 1024 * 1024])('%i bytes arrive whole, with a length or without', async (bytes) => {
    await serve({})
    const body = Buffer.alloc(bytes, 'x')
    expect((await ask('/json', post, body)).text).toBe(String(bytes))
    expect((await ask('/json', chunked, body)).text).toBe(String(bytes))
  })

  test.each([8 * 1024 * 1024 + 1, 10_000_000, 40_000_000])('%i bytes are answered in words, with a length or without', async (bytes) => {
    await serve({})
    const body = Buffer.alloc(bytes, 'x')
    for (const options of [post, chunked]) {
      const answer = await ask('/json', options, body)
      expect([answer.status, code(answer)]).toEqual([413, 'TOO_LARGE'])
    }
    expect(seen).toEqual([])
  })

  test('one address fills no more than its part of what may wait, and small requests pass', async () => {
    await serve({})
    const head = `POST /json HTTP/1.1\r\nhost: ${host}\r\norigin: ${base}\r\ncontent-length: 8000000\r\n\r\n`
    const body = Buffer.alloc(7_900_000, 'x')
    const waiting = Array.from({ length: 12 }, () => connect(port(), '127.0.0.1'))
    const told: string[] = []
    for (const socket of waiting) {
      socket.on('error', () => undefined).on('data', (bytes) => told.push(String(bytes)))
      socket.write(head)
      socket.write(body)
    }
    await until(async () => told.length >= 4)
    expect(told.every((words) => words.startsWith('HTTP/1.1 503') && /retry-after: 5/.test(words))).toBe(true)
    expect((await ask('/json', post, Buffer.alloc(60_000, 'x'))).text).toBe('60000')
    expect((await ask('/json', post, Buffer.alloc(6_000_000, 'x'))).status).toBe(503)
    for (const socket of waiting) socket.destroy()
    await until(async () => (await ask('/json', post, body)).status === 200)
  })

  test('a client that goes away in the middle reaches nobody', async () => {
    await serve({})
    const socket = connect(port(), '127.0.0.1')
    socket.write(`POST /json HTTP/1.1\r\nhost: ${host}\r\norigin: ${base}\r\ncontent-length: 100\r\n\r\nabc`)
    await until(async () => (await new Promise((resolve) => front.server.getConnections((_error, count) => resolve(count)))) === 1)
    socket.destroy()
    expect((await ask('/json')).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  test('a refused request is the last that its connection answers', async () => {
    await serve({})
    const socket = connect(port(), '127.0.0.1')
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes
    })
    socket.write(
      `POST /json HTTP/1.1\r\nhost: ${host}\r\norigin: http://evil.test\r\ncontent-length: 5\r\n\r\nabcdeGET /json HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
    )
    await new Promise((resolve) => socket.once('close', resolve))
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403'])
  })
})
