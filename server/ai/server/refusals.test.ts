import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { testAi, testServerKey } from '@/server/testing/ai.ts'
import { json, type MessagesApi, message, startMessagesApi } from '@/server/testing/messages-api.ts'
import { ask, freeClaims, post, question, sealFor } from '@/server/testing/sealed.ts'
import { until } from '@/server/testing/until.ts'
import { makeCallerKey } from '../door/caller-key.ts'
import { sealRequest } from '../envelope/request.ts'
import { keysPath, maxAgeMs, maxSealedBytes, maxSkewMs, refusalCodes, sealedPath, sealedRequestType } from '../envelope/types.ts'
import { callersOf } from './callers.ts'
import { makeServerKey } from './keys.ts'
import { refusalStatus } from './refusals.ts'

let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
/** The server's time, which tests move; requests are sealed at the real one. */
let ahead = 0
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead }
const plant = 'PLANTED-7f3a'
const planted = {
  ...question,
  body: JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 1, messages: [{ role: 'user', content: plant }] }),
}

beforeAll(async () => {
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url, clock })
})
beforeEach(() => {
  ahead = 0
  api.asked = []
  api.answers = []
})
afterAll(async () => {
  await server.stop()
  await api.stop()
})

/** The answer is its code and nothing else, and Claude was not asked. */
async function expectRefusal(answer: ReturnType<typeof post>, code: (typeof refusalCodes)[number], more: object = {}) {
  const { status, refusal, headers } = await answer
  expect([status, refusal]).toEqual([refusalStatus[code], { code, ...more }])
  expect(JSON.stringify(headers)).not.toContain(plant)
  expect(api.asked).toEqual([])
}

it('each refusal has a status of its own', () => {
  const statuses = refusalCodes.map((code) => refusalStatus[code])
  expect(new Set(statuses).size).toBe(refusalCodes.length)
})

describe('a request is refused', () => {
  it('that is not sealed', async () => {
    const { jwe } = await sealFor(server.ai)
    await expectRefusal(post(server.ai.url(), planted.body), 'not-sealed')
    await expectRefusal(post(server.ai.url(), planted.body, { type: 'application/json' }), 'not-sealed')
    await expectRefusal(post(server.ai.url(), jwe, { type: 'text/plain' }), 'not-sealed')
    await expectRefusal(post(server.ai.url(), randomBytes(2_000)), 'not-sealed')
    await expectRefusal(post(server.ai.url(), ''), 'not-sealed')
  })

  it('that was sealed for another key', async () => {
    const other = await makeServerKey()
    const sealed = await sealRequest({
      caller: server.ai.caller,
      server: { kid: other.kid, key: (await server.ai.serverKey()).key },
      now: Date.now(),
      claims: freeClaims(),
      request: planted,
    })
    await expectRefusal(post(server.ai.url(), sealed.jwe), 'unknown-key')
  })

  it('that was altered', async () => {
    const { jwe } = await sealFor(server.ai, { request: planted })
    const [head = '', key = '', nonce = '', text = '', tag = ''] = jwe.toString().split('.')
    const other = text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`
    await expectRefusal(post(server.ai.url(), [head, key, nonce, other, tag].join('.')), 'altered')
    await expectRefusal(post(server.ai.url(), [head, key.replaceAll('b', 'c'), nonce, text, tag].join('.')), 'altered')
  })

  it('of a caller that is not known', async () => {
    const stranger = { ...server.ai, caller: await makeCallerKey() }
    await expectRefusal(ask(stranger, { request: planted }), 'unknown-caller')
  })

  it('whose signer says to be somebody else', async () => {
    // Both are known; the one signs what the other is said to have issued.
    const [signer, other] = [server.caller, await makeCallerKey()]
    const known = await callersOf({ keys: [signer.jwk, other.jwk] })
    const both = await testAi({ baseUrl: api.url, callers: async () => known })
    const request = { server: await both.ai.serverKey(), now: Date.now(), claims: { ...freeClaims(), iss: other.kid }, request: planted }
    await expectRefusal(post(both.ai.url(), (await sealRequest({ ...request, caller: signer })).jwe), 'misbound')
    await both.stop()
  })

  it('that is old, or early', async () => {
    await expectRefusal(ask(server.ai, { request: planted, now: Date.now() - maxAgeMs - 1_000 }), 'old')
    await expectRefusal(ask(server.ai, { request: planted, now: Date.now() + maxSkewMs + 1_000 }), 'early')
    ahead = maxAgeMs + 1_000
    await expectRefusal(ask(server.ai, { request: planted }), 'old')
  })

  it('that was taken before, also at the very end of its time', async () => {
    const sealed = await sealFor(server.ai)
    expect((await post(server.ai.url(), sealed.jwe, { sealed })).whole).toBe(true)
    api.asked = []
    await expectRefusal(post(server.ai.url(), sealed.jwe), 'replayed')
    ahead = maxAgeMs - 1_000
    await expectRefusal(post(server.ai.url(), sealed.jwe), 'replayed')
    ahead = maxAgeMs + 1_000
    await expectRefusal(post(server.ai.url(), sealed.jwe), 'old')
  })

  it('that was issued before the start', async () => {
    const sealed = await sealFor(server.ai, { request: planted })
    await systemClock.sleep(2)
    const again = await testAi({ baseUrl: api.url, caller: server.caller, clock })
    const answer = await post(again.ai.url(), sealed.jwe)
    expect([answer.status, answer.refusal?.code]).toEqual([412, 'before-start'])
    expect((await ask(again.ai)).whole).toBe(true)
    await again.stop()
  })

  it('that holds more than the API takes, before it is read', async () => {
    const socket = connect(Number(new URL(server.ai.url()).port), '127.0.0.1')
    socket.write(
      `POST ${sealedPath} HTTP/1.1\r\nhost: x\r\ncontent-type: ${sealedRequestType}\r\ncontent-length: ${maxSealedBytes + 1}\r\n\r\n`,
    )
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    await until(() => said.includes('"oversized"'))
    expect(said).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it('that holds more than it says, while it is read', async () => {
    const socket = connect(Number(new URL(server.ai.url()).port), '127.0.0.1')
    socket.setMaxListeners(0).on('error', () => undefined)
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.write(`POST ${sealedPath} HTTP/1.1\r\nhost: x\r\ncontent-type: ${sealedRequestType}\r\ntransfer-encoding: chunked\r\n\r\n`)
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    for (let sent = 0; sent <= 50 && !said && !socket.destroyed; sent++) {
      if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
    }
    await until(() => said.includes('"oversized"') || socket.destroyed)
    socket.destroy()
    expect(api.asked).toEqual([])
  })

  it('that is signed, but says nothing that can be understood', async () => {
    const serverKey = await server.ai.serverKey()
    const claims = freeClaims({ project: '' })
    const sealed = await sealRequest({ caller: server.ai.caller, server: serverKey, now: Date.now(), claims, request: planted })
    await expectRefusal(post(server.ai.url(), sealed.jwe), 'malformed')
    await expectRefusal(ask(server.ai, { request: { ...planted, path: '/v1/files' as never } }), 'malformed')
  })
})

describe('what is not a request', () => {
  it('gets the keys, the health, or nothing', async () => {
    const get = (path: string, method = 'GET') => fetch(`${server.ai.url()}${path}`, { method })
    const { keys } = await (await get(keysPath)).json()
    expect(keys).toEqual([expect.objectContaining({ kid: (await testServerKey()).kid, kty: 'RSA', use: 'enc', alg: 'RSA-OAEP-256' })])
    // Nothing of the private half.
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    const health = await get('/health')
    expect([health.status, await health.text()]).toEqual([200, '{}'])
    for (const [path, method] of [
      ['/', 'GET'],
      [sealedPath, 'GET'],
      ['/v1/messages', 'POST'],
      [keysPath, 'POST'],
      [`${sealedPath}?a`, 'POST'],
    ]) {
      expect((await get(path ?? '', method)).status).toBe(404)
    }
  })

  it('says that it is unwell where the API does not take its key', async () => {
    const strict = await startMessagesApi()
    await strict.stop()
    const unwell = await testAi({ baseUrl: strict.url })
    const health = await fetch(`${unwell.ai.url()}/health`)
    expect([health.status, await health.text()]).toEqual([503, '{}'])
    await unwell.stop()
  })
})

describe('bounds', () => {
  it('while there is no room for nonces, requests are refused and none is forgotten', async () => {
    const small = await testAi({ baseUrl: api.url, clock, bounds: { nonces: 2 } })
    const [first, second] = [await sealFor(small.ai), await sealFor(small.ai)]
    for (const sealed of [first, second]) expect((await post(small.ai.url(), sealed.jwe, { sealed })).whole).toBe(true)
    const full = await ask(small.ai)
    expect([full.status, full.refusal?.code]).toEqual([429, 'too-many'])
    expect(full.refusal?.retryAfterMs).toBeGreaterThan(60_000)
    expect(Number(full.headers['retry-after-ms'])).toBe(full.refusal?.retryAfterMs)
    expect((await post(small.ai.url(), first.jwe)).refusal).toEqual({ code: 'replayed' })
    ahead = maxAgeMs + 2 * maxSkewMs + 1_000
    expect((await ask(small.ai, { now: Date.now() + ahead })).whole).toBe(true)
    await small.stop()
  })

  it('bytes that are held before they are opened', async () => {
    const small = await testAi({ baseUrl: api.url, bounds: { heldBytes: 10_000 } })
    const request = { ...question, body: JSON.stringify({ model: 'm', pad: randomBytes(10_000).toString('hex') }) }
    const answer = await ask(small.ai, { request })
    expect([answer.status, answer.refusal?.code]).toEqual([429, 'too-many'])
    // What was refused holds nothing any more.
    expect((await ask(small.ai)).whole).toBe(true)
    await small.stop()
  })

  it('a flood of garbage costs little: the next request is answered', async () => {
    const { jwe } = await sealFor(server.ai)
    const [head = '', , ...rest] = jwe.toString().split('.')
    const flood = Array.from({ length: 300 }, (_, i) =>
      // Half has no shape at all; half names our key and makes us try it.
      post(server.ai.url(), i % 2 ? randomBytes(1_000) : [head, randomBytes(384).toString('base64url'), ...rest].join('.')),
    )
    api.answers = [json(200, message('still here'))]
    expect((await ask(server.ai)).text).toContain('still here')
    const codes = (await Promise.all(flood)).map(({ refusal }) => refusal?.code)
    expect(new Set(codes)).toEqual(new Set(['not-sealed', 'altered']))
  })

  it('of what waits to be opened, the rest is refused', async () => {
    const narrow = await testAi({ baseUrl: api.url, bounds: { opening: 1, waiting: 2 } })
    const sealed = await Promise.all(Array.from({ length: 40 }, () => sealFor(narrow.ai)))
    // All but the last byte of each is there before the first is whole, so that they are whole at once on any machine.
    const calls = sealed.map(({ jwe }) => {
      const headers = { 'content-type': sealedRequestType, 'content-length': jwe.length }
      const call = request(`${narrow.ai.url()}${sealedPath}`, { method: 'POST', headers, agent: false })
      const status = new Promise<number | undefined>((resolve, reject) => {
        call.on('error', reject).on('response', (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode))
        })
      })
      return { call, jwe, status }
    })
    await Promise.all(calls.map(({ call, jwe }) => new Promise((done) => call.write(jwe.subarray(0, -1), done))))
    for (const { call, jwe } of calls) call.end(jwe.subarray(-1))
    const statuses = await Promise.all(calls.map(({ status }) => status))
    expect(new Set(statuses)).toEqual(new Set([200, refusalStatus['too-many']]))
    await narrow.stop()
  })
})
