import { Inngest } from 'inngest'
import pino from 'pino'
import { expect, test } from 'vitest'
import { parseEnv } from './env.ts'
import { connectInngest, makeInngest, usesEmbeddedExecutor } from './inngest.ts'

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
