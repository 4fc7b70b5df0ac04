import { createHmac } from 'node:crypto'
import { Inngest } from 'inngest'
import pino from 'pino'
import { expect, test } from 'vitest'
import { parseEnv } from './env.ts'
import { answerInngest, connectInngest, makeInngest, usesEmbeddedExecutor } from './inngest.ts'
import { register } from './registry.ts'

const log = pino({ level: 'silent' })
const keys = { INNGEST_EVENT_KEY: 'event-key', INNGEST_SIGNING_KEY: 'signkey-prod-00' }

test.each([
  [{}, true],
  [keys, false],
  [{ INNGEST_BASE_URL: 'http://127.0.0.1:8288' }, false],
])('%j chooses the embedded executor: %s', (source, embedded) => expect(usesEmbeddedExecutor(parseEnv(source))).toBe(embedded))

test('a real server without keys is refused', () => {
  expect(() => makeInngest(parseEnv({ INNGEST_BASE_URL: 'http://127.0.0.1:8288' }), log)).toThrow(
    /INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY/,
  )
})

test('with keys the client is in cloud mode, at the named server, whatever INNGEST_DEV says', () => {
  const client = makeInngest(parseEnv({ ...keys, INNGEST_BASE_URL: 'http://inngest.example:8288', INNGEST_DEV: '1' }), log)
  expect([client.mode, client.eventBaseUrl, client.apiBaseUrl]).toEqual([
    'cloud',
    'http://inngest.example:8288',
    'http://inngest.example:8288',
  ])
  expect(() => connectInngest(client, async () => new Response())).toThrow(/embedded/)
})

test('an embedded client answers from what is connected to it and from nowhere else', async () => {
  const client = makeInngest(parseEnv({}), log)
  expect(client).toBeInstanceOf(Inngest)
  const post = async () => (await client.fetch('http://executor.invalid/e/key', { method: 'POST', body: '{}' })).status
  expect(await post()).toBe(503)
  const disconnect = connectInngest(
    client,
    async (url, init) => new Response(null, { status: url.pathname === '/e/key' && init.method === 'POST' ? 204 : 500 }),
  )
  expect(await post()).toBe(204)
  disconnect()
  expect(await post()).toBe(503)
})

const secret = 'ab'.repeat(32)
const address = 'http://localhost:3000/api/inngest'
const body = JSON.stringify({ url: address })

function knock(source: Record<string, string>, method: string, signature?: string): Promise<Response> {
  register({ inngest: makeInngest(parseEnv(source), log), embeddedExecutor: usesEmbeddedExecutor(parseEnv(source)) })
  const headers = new Headers({ host: 'localhost:3000', 'content-type': 'application/json', 'x-inngest-sync-kind': 'in_band' })
  if (signature) headers.set('x-inngest-signature', signature)
  const request = new Request(`${address}?fnId=maestro-f&stepId=step`, { method, headers, ...(method === 'GET' ? {} : { body }) })
  return answerInngest(request, (client) => [client.createFunction({ id: 'f', triggers: [{ event: 'go' }] }, async () => 1)])
}

function sign(seconds = Math.floor(Date.now() / 1_000)): string {
  return `t=${seconds}&s=${createHmac('sha256', secret).update(`${body}${seconds}`).digest('hex')}`
}

test.each(['GET', 'POST', 'PUT'])('on the embedded executor there is no door for %s, signed or not', async (method) => {
  expect((await knock({}, method)).status).toBe(404)
  expect((await knock({}, method, sign())).status).toBe(404)
})

const cloud = { ...keys, INNGEST_SIGNING_KEY: `signkey-prod-${secret}`, INNGEST_BASE_URL: 'http://127.0.0.1:9' }
test.each([
  ['GET', undefined],
  ['POST', undefined],
  ['PUT', undefined],
  ['PUT', sign().replace(/s=..../, 's=0000')],
  ['PUT', sign(Math.floor(Date.now() / 1_000) - 3_600)],
])('a real server is refused for %s with the signature %s', async (method, signature) => {
  expect((await knock(cloud, method, signature)).status).toBe(401)
})

test('a real server is let in by its signature and told the functions', async () => {
  const answer = await knock(cloud, 'PUT', sign())
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ app_id: 'maestro', url: address, functions: [{ id: 'maestro-f' }] })
})
