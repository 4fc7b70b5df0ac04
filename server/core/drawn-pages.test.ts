import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { until } from '@/server/testing/until.ts'
import { answersStand, type Drawing, drawingHeader, drawingOf, writtenDown } from './drawing.ts'
import { drawnPages } from './drawn-pages.ts'

// A little product: one procedure that greets, and pages that are drawn from its answer.
let greeting = 'Hello'
let refused = false
let drawn = 0
let now = 0
let nonces = 0
const procedures = Object.assign(() => undefined, {
  greetings: Object.assign(() => undefined, {
    get: async (input: unknown) => {
      if (refused) throw new Error('not for you')
      return { text: `${greeting}, ${input}` }
    },
  }),
})

async function page(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  drawn++
  const drawing = drawingOf({ get: (name) => (incoming.headers[name] as string | undefined) ?? null })
  const asked = drawing ? writtenDown(procedures, drawing) : procedures
  if (drawing) drawing.caller = incoming.headers.cookie ?? ''
  const answer = await asked.greetings.get('Jo').catch(() => null)
  const nonce = incoming.headers['x-nonce']
  response.statusCode = answer ? 200 : 403
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.setHeader('link', `<f>; nonce="${nonce}"`)
  const zipped = /gzip/.test(incoming.headers['accept-encoding'] ?? '')
  if (zipped) response.setHeader('content-encoding', 'gzip')
  if (incoming.url === '/cookie') response.setHeader('set-cookie', 'a=b')
  const html = `<p>${answer?.text} 안녕</p><script nonce="${nonce}">run()</script>`
  // As Next does: the headers are settled by the first write, at the latest.
  response.writeHead(response.statusCode)
  response.flushHeaders()
  response.write(zipped ? gzipSync(html) : html)
  response.end()
}

const handle = drawnPages({
  handle: (incoming, response) => void page(incoming, response),
  stillTrue: async (drawing: Drawing, headers) => drawing.caller === (headers.get('cookie') ?? '') && answersStand(drawing, procedures),
  clock: { now: () => now, sleep: async () => undefined, random: () => 0 },
})
let server: Server
beforeAll(async () => {
  server = createServer((incoming, response) => {
    incoming.headers['x-nonce'] = `nonce-${++nonces}=`
    response.setHeader('x-frame-options', 'DENY')
    handle(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  now += 3_600_000
  greeting = 'Hello'
  refused = false
  drawn = 0
})

/** Asks once; the text comes unpacked. */
function ask(
  path = '/page',
  headers: Record<string, string> = {},
): Promise<{ status?: number; text: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    request({ port, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => {
          const bytes = Buffer.concat(chunks)
          const text = (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
          resolve({ status: answer.statusCode, text, headers: answer.headers })
        })
    })
      .on('error', reject)
      .end()
  })
}

it('draws a page once while its answers stand, each time with the nonce of that answer', async () => {
  const [first, second] = [await ask(), await ask()]
  expect(drawn).toBe(1)
  expect(first.text).toContain(`nonce-${nonces - 1}=`)
  expect(second.text).toBe(first.text.replace(`nonce-${nonces - 1}=`, `nonce-${nonces}=`))
  expect(second.headers).toMatchObject({ link: `<f>; nonce="nonce-${nonces}="`, 'x-frame-options': 'DENY' })
})

it('draws it again once an answer has changed, is refused, or it is half a minute old', async () => {
  await ask()
  greeting = 'Good morning'
  expect((await ask()).text).toContain('Good morning, Jo')
  refused = true
  expect(await ask()).toMatchObject({ status: 403 })
  refused = false
  expect(await ask()).toMatchObject({ status: 200 })
  expect(drawn).toBe(3)
  now += 31_000
  await ask()
  expect(drawn).toBe(4)
})

it('shows nobody what was drawn for somebody else, in another language, or under another address', async () => {
  const others: Record<string, string>[] = [{}, { cookie: 'a=1' }, { cookie: 'a=2' }, { 'accept-language': 'ko' }, { authorization: 'x' }]
  for (const headers of others) await ask('/page', headers)
  await ask('/page?more')
  expect(drawn).toBe(6)
})

it('always draws what is asked for anew, what sets a cookie, and parts of pages', async () => {
  for (const [path, headers] of [
    ['/page', { 'cache-control': 'no-cache' }],
    ['/cookie', {}],
    ['/page', { rsc: '1' }],
  ] as const) {
    drawn = 0
    await ask(path, headers)
    await ask(path, headers)
    expect(drawn, path).toBe(2)
  }
})

it('answers packed and plain alike', async () => {
  const packed = await ask('/page', { 'accept-encoding': 'gzip' })
  // A packed page is unpacked for the shelf after it was sent.
  await until(async () => {
    drawn = 0
    await ask('/page', { 'accept-encoding': 'gzip' })
    return drawn === 0
  })
  const [again, plain] = [await ask('/page', { 'accept-encoding': 'gzip' }), await ask()]
  expect([packed, again, plain].map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', 'gzip', undefined])
  for (const { text } of [packed, again, plain]) expect(text).toContain('Hello, Jo 안녕')
  expect(drawn).toBe(0)
})

it('sends the landing page without scripts, and an error of it as it is', async () => {
  for (const at of [1, 2]) {
    const { text } = await ask('/', { 'accept-encoding': 'gzip' })
    expect(text, `${at}`).toBe('<p>Hello, Jo 안녕</p>')
  }
  expect(drawn).toBe(1)
  refused = true
  expect(await ask('/')).toMatchObject({ status: 403, text: expect.stringContaining('<script') })
})

it('believes no record that a client names', async () => {
  expect(await ask('/api/page', { [drawingHeader]: 'x' })).toMatchObject({ status: 200 })
})
