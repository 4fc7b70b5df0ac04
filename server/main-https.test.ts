import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { serverStatus } from './core/control.ts'
import { makeCertificate } from './testing/certificate.ts'
import { type TestDatabase, testDatabase } from './testing/database.ts'
import { bundleServer, freePort, type ServerProcess, startServer } from './testing/server-process.ts'
import { until } from './testing/until.ts'

let database: TestDatabase
let bundle: Awaited<ReturnType<typeof bundleServer>>
let dir: string
let port: number
let server: ServerProcess

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 3 })
  dir = await mkdtemp(join(tmpdir(), 'maestro-https-'))
  await chmod(dir, 0o711)
  bundle = await bundleServer()
})
afterEach(async () => {
  server.child.kill('SIGKILL')
  await server.ended
})
afterAll(async () => {
  await bundle.remove()
  await rm(dir, { recursive: true, force: true })
  await database.drop()
})

const masterKey = randomBytes(32).toString('hex')

/** A server as in production: nothing stands in for the sign-in, so it may be called whatever it likes. */
async function serve(environment: Record<string, string>): Promise<void> {
  port = await freePort()
  const dataDir = await mkdtemp(join(dir, 'data-'))
  // All of them are nodes on one database, so they have one master key.
  const settings = { DATABASE_URL: database.url, MAESTRO_DATA_DIR: dataDir, MAESTRO_MASTER_KEY: masterKey, PORT: String(port) }
  server = startServer(bundle.program, { ...settings, ...environment })
  await until(
    async () => {
      if (server.child.exitCode !== null) throw new Error(server.output())
      return (await serverStatus(dataDir))?.ready
    },
    { what: 'a ready server' },
  )
}

interface Call {
  method?: string
  headers?: Record<string, string>
  body?: string
}
type Reply = { status: number; headers: IncomingHttpHeaders; text: string }
const ask = (path: string, { method = 'GET', headers, body }: Call = {}, make = plainRequest) =>
  new Promise<Reply>((resolve, reject) => {
    const call = make({ host: '127.0.0.1', port, path, method, agent: false, rejectUnauthorized: false, headers } as never, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    call.on('error', reject)
    call.end(body)
  })

test('speaks HTTPS with its own certificate, which is exchanged under its feet', async () => {
  const files = { cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key') }
  const write = async ({ cert, key }: { cert: string; key: string }) => {
    await Promise.all([writeFile(`${files.cert}.new`, cert), writeFile(`${files.key}.new`, key)])
    await rename(`${files.cert}.new`, files.cert)
    await rename(`${files.key}.new`, files.key)
  }
  await write(makeCertificate({ name: 'one' }))
  await serve({ TLS_CERT_FILE: files.cert, TLS_KEY_FILE: files.key })
  const headers = { host: `localhost:${port}` }
  const page = await ask('/sign-in', { headers }, secureRequest as never)
  expect([page.status, page.headers['content-security-policy']]).toEqual([200, expect.stringContaining('upgrade-insecure-requests')])
  // localhost has other ports, and they are somebody else's.
  expect(page.headers['strict-transport-security']).toBeUndefined()
  const nonce = /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1]
  const scripts = page.text.match(/<script\b[^>]*>/g) ?? []
  expect(scripts.length).toBeGreaterThan(0)
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)

  const cookies = (await ask('/api/auth/csrf', { headers }, secureRequest as never)).headers['set-cookie'] ?? []
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies)
    expect(cookie).toMatch(/^__Host-next-auth\.(?=.*; Path=\/)(?=.*; HttpOnly)(?=.*; Secure)(?=.*; SameSite=Lax)(?!.*Domain)/)

  await expect(ask('/sign-in', { headers })).rejects.toThrow()
  const socket = io(`https://127.0.0.1:${port}`, {
    transports: ['websocket'],
    rejectUnauthorized: false,
    extraHeaders: { ...headers, origin: `https://localhost:${port}` },
  })
  await until(() => socket.connected)
  socket.disconnect()

  await write(makeCertificate({ name: 'two' }))
  const shown = () =>
    new Promise<string>((resolve, reject) => {
      const link = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(String(link.getPeerCertificate().subject.CN))
        link.destroy()
      }).once('error', reject)
    })
  await until(async () => (await shown()) === 'two', { what: 'the new certificate' })
})

test('behind a proxy: the browser’s address is believed and counted, HTTPS is asked for, sign-ins have a limit', async () => {
  const base = 'https://maestro.example.com'
  await serve({
    MAESTRO_URL: base,
    SERVICES_DOMAIN: 'apps.example.net',
    TRUSTED_PROXY: '127.0.0.1',
    MAESTRO_RATE_LIMIT_SCALE: '0.05',
  })
  const from = (address: string, more: Record<string, string> = {}) => ({
    host: 'maestro.example.com',
    origin: base,
    'x-forwarded-proto': 'https',
    'x-forwarded-for': address,
    ...more,
  })
  const page = await ask('/sign-in', { headers: from('203.0.113.1') })
  expect([page.status, page.headers['strict-transport-security']]).toEqual([200, expect.stringContaining('max-age=')])
  expect(page.headers['content-security-policy']).toContain("connect-src 'self' wss://maestro.example.com")
  const plain = await ask('/dashboard?a=1', { headers: from('203.0.113.1', { 'x-forwarded-proto': 'http' }) })
  expect([plain.status, plain.headers.location]).toEqual([308, `${base}/dashboard?a=1`])

  const signIn = (address: string, more: Record<string, string> = {}) =>
    ask('/api/auth/signin/google', {
      method: 'POST',
      headers: from(address, { 'content-type': 'application/x-www-form-urlencoded', ...more }),
      body: 'json=true',
    })
  const statuses = (await Promise.all(Array.from({ length: 8 }, () => signIn('203.0.113.2')))).map(({ status }) => status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(5)
  const refused = await signIn('6.6.6.6, 203.0.113.2')
  expect(JSON.parse(refused.text)).toMatchObject({ success: false, error_code: 'TOO_MANY_REQUESTS', url: '/sign-in?error=TooManyRequests' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  const browser = await ask('/api/auth/callback/google?code=x', { headers: from('203.0.113.2', { accept: 'text/html,*/*' }) })
  expect([browser.status, browser.headers.location]).toEqual([303, '/sign-in?error=TooManyRequests'])
  expect((await ask('/sign-in?error=TooManyRequests', { headers: from('203.0.113.2') })).text).toContain('Too many sign-ins')
  expect((await signIn('203.0.113.3')).status).not.toBe(429)
})
