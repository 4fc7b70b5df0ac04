import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { contextFromHeaders } from '@/server/caller.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { hashSecret, newSecret, tokenPrefix } from './credentials.ts'
import { AppError } from './errors.ts'
import { publicProcedure, userProcedure } from './procedures.ts'
import { restHandler } from './rest-handler.ts'
import { router } from './trpc.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const at = (method: Method, path: `/${string}`) => ({ openapi: { method, path, tags: ['Test'] } })
const things = z.object({
  name: z.string(),
  count: z.number().int().default(1),
  sure: z.boolean().optional(),
  tags: z.array(z.string()).max(3).optional(),
  sizes: z.array(z.number()).optional(),
  kind: z.enum(['a', 'b']).nullish(),
})
const made = z.object({
  requestId: z.uuid(),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.string() }),
    z.object({ type: z.literal('url'), url: z.url() }),
  ]),
})
const boom = new Error('a secret of the server')

const testRouter = router({
  echo: publicProcedure
    .meta(at('GET', '/things/{name}'))
    .input(things)
    .output(things)
    .query(({ input }) => input),
  special: publicProcedure
    .meta(at('GET', '/things/special'))
    .output(z.string())
    .query(() => 'special'),
  nothing: publicProcedure
    .meta(at('GET', '/nothing'))
    .output(z.null())
    .query(() => null),
  nested: router({
    make: userProcedure
      .meta(at('POST', '/things'))
      .input(made)
      .output(made)
      .mutation(({ input }) => input),
    change: userProcedure
      .meta(at('PATCH', '/things/{name}'))
      .input(z.object({ name: z.string(), count: z.number() }))
      .output(z.object({ name: z.string(), count: z.number() }))
      .mutation(({ input }) => input),
    remove: userProcedure
      .meta(at('DELETE', '/things/{name}'))
      .input(z.object({ name: z.string(), force: z.boolean().default(false) }))
      .output(z.object({ name: z.string(), force: z.boolean() }))
      .mutation(({ input }) => input),
  }),
  void: userProcedure
    .meta(at('POST', '/void'))
    .output(z.void())
    .mutation(() => undefined),
  fail: publicProcedure
    .meta(at('GET', '/fail'))
    .input(z.object({ how: z.string() }))
    .output(z.object({ never: z.string() }))
    .query(({ input }) => {
      if (input.how === 'limit') throw new AppError('TOO_MANY_REQUESTS', 'Too many.', undefined, { key: 'tooMany', retryAfter: 17 })
      if (input.how === 'field') throw new AppError('CONFLICT', 'This name is taken.', 'name')
      if (input.how === 'trpc') throw new TRPCError({ code: 'FORBIDDEN', message: 'a secret of the library' })
      if (input.how === 'output') return { never: 7 } as never
      throw boom
    }),
})
const handle = restHandler(testRouter, contextFromHeaders)
const base = 'http://localhost:3000'

let database: TestDatabase
let cookie: string
let bearer: string
beforeAll(async () => {
  database = await testDatabase()
  const { id: userId } = await makeUser()
  cookie = await makeSession(userId)
  const secret = newSecret(tokenPrefix)
  await database.db.apiToken.create({
    data: { userId, name: 'test', hash: hashSecret(secret), prefix: secret.slice(0, 8), scopes: ['read', 'write'] },
  })
  bearer = `Bearer ${secret}`
})
afterAll(() => database.drop())

async function ask(method: string, path: string, { body, headers = {} }: { body?: BodyInit; headers?: Record<string, string> } = {}) {
  const response = await handle(new Request(`${base}/api/rest${path}`, { method, body: body ?? null, headers }))
  const text = await response.text()
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  return { status: response.status, json: text ? JSON.parse(text) : undefined, headers: response.headers, text }
}
const json = { 'content-type': 'application/json' }
const uuid = '0192f0c1-7d7e-7000-8000-000000000000'
const send = (method: string, path: string, value: unknown, headers: Record<string, string> = {}) =>
  ask(method, path, { body: JSON.stringify(value), headers: { ...json, authorization: bearer, ...headers } })

test('an address becomes an input of the right types, and the output the whole answer', async () => {
  const { json: told, headers } = await ask(
    'GET',
    '/things/%EC%9D%B4%EB%A6%84%2Fa%20b?count=7&sure=false&tags=x&tags=y%26z&sizes=1.5&kind=b&other=1',
  )
  expect(told).toEqual({ name: '이름/a b', count: 7, sure: false, tags: ['x', 'y&z'], sizes: [1.5], kind: 'b' })
  expect(headers.get('cache-control')).toBe('private, no-store')
  expect((await ask('GET', '/things/a')).json).toEqual({ name: 'a', count: 1 })
  expect((await ask('GET', '/things/special')).json).toBe('special')
  expect((await ask('GET', '/nothing')).text).toBe('null')
  expect((await ask('GET', '/things/a?name=b')).json.name).toBe('a')
})

test('what does not fit is refused field by field, in the schema’s words', async () => {
  const { status, json: told } = await ask('GET', '/things/a?count=1e3&sure=yes&kind=c')
  expect(status).toBe(400)
  expect(told).toMatchObject({ success: false, error_code: 'BAD_REQUEST', message: 'The input was refused.' })
  expect(told.details.fields.map(({ field }: { field: string }) => field)).toEqual(['count', 'sure', 'kind'])
  expect((await ask('GET', '/things/a?count=1&count=2')).json.details.fields).toMatchObject([{ field: 'count' }])
  expect((await ask('GET', '/things/a?count=')).status).toBe(400)
  expect((await ask('GET', '/things/a?tags=1&tags=2&tags=3&tags=4')).status).toBe(400)
  expect((await ask('GET', '/things/a?__proto__=1&constructor=2')).status).toBe(200)
})

test('reading addresses leaves the schemas as strict for everybody else as they were', async () => {
  await ask('GET', '/things/a?count=7&sure=false')
  expect(things.safeParse({ name: 'a', count: '7' }).success).toBe(false)
  expect((await send('PATCH', '/things/a', { count: '7' })).status).toBe(400)
  expect((await send('PATCH', '/things/a', { count: 7 })).json).toEqual({ name: 'a', count: 7 })
})

test('unions, and the id of a request from the body, the header, or nowhere', async () => {
  const source = { type: 'url', url: 'https://example.com/' }
  expect((await send('POST', '/things', { requestId: uuid, source })).json).toEqual({ requestId: uuid, source })
  expect((await send('POST', '/things', { source }, { 'idempotency-key': uuid })).json).toEqual({ requestId: uuid, source })
  const [one, two] = [await send('POST', '/things', { source }), await send('POST', '/things', { source })]
  expect(one.json.requestId).not.toBe(two.json.requestId)
  expect((await send('POST', '/things', { source }, { 'idempotency-key': 'again' })).json.details.fields).toMatchObject([
    { field: 'Idempotency-Key' },
  ])
  expect((await send('POST', '/things', { source, requestId: uuid.replace('0192', '0193') }, { 'idempotency-key': uuid })).status).toBe(400)
  const bad = await send('POST', '/things', { source: { type: 'text' } })
  expect(bad.json.details.fields).toMatchObject([{ field: 'source.text' }])
})

test('a deletion reads its address; what gives nothing answers 204', async () => {
  expect((await ask('DELETE', '/things/a?force=true', { headers: { authorization: bearer } })).json).toEqual({ name: 'a', force: true })
  expect((await ask('POST', '/void', { headers: { authorization: bearer } })).status).toBe(204)
})

test('addresses and methods there are not', async () => {
  for (const path of ['/no', '/things', '/things//x', '/things/a/b', '/THINGS/a', '/things/%E0%A4%A', '/']) {
    const { status, json: told } = await ask('GET', path)
    expect([path, status]).toEqual([path, path === '/things' ? 405 : 404])
    expect(told).toMatchObject({ success: false, details: null })
  }
  const put = await ask('PUT', '/things/a')
  expect([put.status, put.headers.get('allow'), put.json.error_code]).toEqual([405, 'GET, PATCH, DELETE, HEAD, OPTIONS', 'BAD_REQUEST'])
  const options = await ask('OPTIONS', '/things')
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS'])
  const head = await ask('HEAD', '/things/a')
  expect([head.status, head.text]).toEqual([200, ''])
  expect((await ask('HEAD', '/no')).status).toBe(404)
})

test('bodies that are no JSON object', async () => {
  const post = (body: BodyInit, headers: Record<string, string> = json) =>
    ask('POST', '/things', { body, headers: { authorization: bearer, ...headers } })
  for (const body of ['{', '[]', '"x"', 'null', '{"a":1}{', Buffer.from([0x22, 0xff, 0x22])]) expect((await post(body)).status).toBe(400)
  expect((await post('{}', { 'content-type': 'application/json; charset=utf-8' })).json.details.fields).toMatchObject([{ field: 'source' }])
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'multipart/form-data; boundary=x']) {
    expect((await post('{}', { 'content-type': type })).status).toBe(415)
  }
  expect((await ask('POST', '/void', { headers: { authorization: bearer, 'content-type': 'text/plain' } })).status).toBe(415)
  expect((await post(Buffer.from('{}'), {})).status).toBe(415)
  expect((await post('{}', { ...json, 'content-encoding': 'gzip' })).status).toBe(415)
  expect((await post(JSON.stringify({ source: 'x'.repeat(9 * 1024 * 1024) }))).json).toMatchObject({ error_code: 'TOO_LARGE' })
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024).fill(32)) })
  const request = new Request(`${base}/api/rest/things`, { method: 'POST', body: endless, headers: json, duplex: 'half' } as RequestInit)
  expect((await handle(request)).status).toBe(413)
})

test('failures keep their status and words, and what is ours stays with us', async () => {
  const limited = await ask('GET', '/fail?how=limit')
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '17'])
  expect(limited.json.details).toEqual({ reason: 'tooMany', retryAfter: 17 })
  const taken = await ask('GET', '/fail?how=field')
  expect(taken.json).toEqual({
    success: false,
    error_code: 'CONFLICT',
    message: 'This name is taken.',
    details: { fields: [{ field: 'name', message: 'This name is taken.' }] },
  })
  for (const how of ['throw', 'output', 'trpc']) {
    const { status, json: told, text } = await ask('GET', `/fail?how=${how}`)
    expect([how, status, told.error_code, told.details]).toEqual([how, 500, 'INTERNAL', null])
    expect(text).not.toMatch(/secret|stack|never|expected/)
  }
})

test('who asks: a session, a token, nobody; a bad token is told so', async () => {
  const nobody = await ask('POST', '/void')
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="Maestro"'])
  expect(nobody.json).toMatchObject({ error_code: 'UNAUTHENTICATED', details: { reason: 'signInFirst' } })
  expect((await ask('POST', '/void', { headers: { authorization: 'Bearer mst_wrong' } })).json.details).toEqual({ reason: 'tokenUnknown' })
  expect((await ask('POST', '/void', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401)
})

test('a change with a session’s cookie comes from a page of ours, or is refused', async () => {
  const outcome = async (headers: Record<string, string>) => (await ask('POST', '/void', { headers: { cookie, ...headers } })).status
  expect(await outcome({ origin: base })).toBe(204)
  expect(await outcome({ 'sec-fetch-site': 'same-origin' })).toBe(204)
  const refused: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.test' },
    { origin: 'http://bookmarks.localhost:3000' },
    { origin: `${base}.evil.test` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { referer: `${base}/dashboard` },
    { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' },
  ]
  for (const headers of refused) expect([headers, await outcome(headers)]).toEqual([headers, 403])
  const words = await ask('POST', '/void', { headers: { cookie } })
  expect(words.json).toMatchObject({ error_code: 'FORBIDDEN', details: { reason: 'originMissing' } })
  // A form of another site's page cannot send JSON, and what it can send is refused before anything is read.
  expect(
    (await ask('POST', '/void', { body: 'a=b', headers: { cookie, origin: base, 'content-type': 'application/x-www-form-urlencoded' } }))
      .status,
  ).toBe(415)
  // A token is no browser's to send by itself: it decides where both are there.
  expect(await outcome({ authorization: bearer })).toBe(204)
  expect((await ask('GET', '/things/a', { headers: { cookie } })).status).toBe(200)
})
