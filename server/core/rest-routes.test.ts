import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as artifacts from '@/app/api/artifacts/[service]/[number]/[...name]/route.ts'
import * as console from '@/app/api/console/[service]/[number]/route.ts'
import * as rest from '@/app/api/rest/[...path]/route.ts'
import { putArtifact } from '@/server/artifacts/service.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { openWriter } from '@/server/streams/service.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { hashSecret, newSecret, tokenPrefix } from './credentials.ts'
import { parseEnv } from './env.ts'
import { openPostgresHub } from './hub-postgres.ts'
import { makeInngest } from './inngest.ts'
import { register, registry } from './registry.ts'

const base = 'http://localhost:3000'
let database: TestDatabase
let folder: string
let executor: Executor
let service: string
let number: number
let ownerId: string
let streamId: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'maestro-rest-'))
  const inngest = makeInngest(parseEnv({}))
  register({ ...testKeys(), objects: fileObjectStore(folder), hub: await openPostgresHub(database.url), inngest })
  register({ ai: noAi })
  executor = await startExecutor({ pool: database.pool, inngest, functions: [], clock: registry('clock'), log: pino({ level: 'silent' }) })
  const project = await makeProject({ title: 'Bookmarks' })
  const build = await makeBuild(project.projectId)
  ;[service, number, ownerId, streamId] = [project.slug, build.number, project.createdById ?? '', build.streamId]
  await putArtifact(project.projectId, {
    buildId: build.id,
    name: 'a/명세.md',
    mediaType: 'text/markdown',
    bytes: '# hello',
    stageKey: null as never,
  })
  const writer = openWriter(project.projectId, streamId)
  writer.write('spec', 'line one\n')
  await writer.close()
})
afterAll(async () => {
  await executor.stop()
  await registry('hub').close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function token(scopes: string[], over: { userId?: string; expiresAt?: Date } = {}): Promise<Record<string, string>> {
  const secret = newSecret(tokenPrefix)
  await database.db.apiToken.create({
    data: { userId: ownerId, name: 't', hash: hashSecret(secret), prefix: secret.slice(0, 8), scopes, ...over },
  })
  return { authorization: `Bearer ${secret}` }
}

async function ask(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: unknown) {
  const given = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
  const request = new Request(`${base}/api/rest${path}`, { method, headers: given, body: body === undefined ? null : JSON.stringify(body) })
  const answer = await { GET: rest.GET, POST: rest.POST }[method](request)
  return { status: answer.status, json: await answer.json() }
}
/** The downloads, which are no procedures. */
const raw = {
  console: (headers: Record<string, string>) =>
    console.GET(new Request(`${base}/api/console/${service}/${number}`, { headers }), {
      params: Promise.resolve({ service, number: String(number) }),
    }),
  artifact: (headers: Record<string, string>) =>
    artifacts.GET(new Request(`${base}/api/artifacts/${service}/${number}/a/x`, { headers }), {
      params: Promise.resolve({ service, number: String(number), name: ['a', encodeURIComponent('명세.md')] }),
    }),
}

test('a project over REST: looked at, its builds, its lines, its artifacts', async () => {
  const read = await token(['read'])
  expect((await ask('GET', '/projects', read)).json).toMatchObject([{ service, title: 'Bookmarks' }])
  expect((await ask('GET', `/projects/${service}`, read)).json).toMatchObject({
    service,
    role: 'OWNER',
    createdAt: expect.stringMatching(/Z$/),
  })
  expect((await ask('GET', `/projects/${service}/builds?limit=1&status=QUEUED`, read)).json).toMatchObject({
    builds: [{ number, startedAt: null }],
    next: null,
  })
  expect((await ask('GET', `/projects/${service}/builds?limit=x`, read)).json.details.fields).toMatchObject([{ field: 'limit' }])
  expect((await ask('GET', `/projects/${service}/builds/${number}/artifacts`, read)).json).toMatchObject([{ name: 'a/명세.md' }])
  const text = await ask('GET', `/projects/${service}/builds/${number}/artifact-text?name=${encodeURIComponent('a/명세.md')}`, read)
  expect(text.json).toMatchObject({ text: '# hello', cut: false })
  expect((await ask('GET', `/projects/${service}/streams/${streamId}/lines?from=1&limit=10`, read)).json).toMatchObject({
    head: { nextSeq: 2 },
    chunks: [{ tag: 'spec', text: 'line one' }],
  })
  expect((await ask('GET', '/me', read)).json).toMatchObject({ approved: true })
  expect((await ask('GET', '/me', {})).json).toBeNull()
})

test('odd names in an address open nothing and break nothing', async () => {
  const read = await token(['read'])
  const odd = ['..%2F..', '%00', '%F0%9F%98%80', 'a%2Fb', "'%20OR%201=1--", 'x'.repeat(3_000), '__proto__', 'constructor', '%25%32%46']
  for (const name of odd) {
    const { status, json } = await ask('GET', `/projects/${name}`, read)
    expect([name, [400, 404].includes(status), json.success]).toEqual([name, true, false])
  }
  for (const wrong of ['0', '-1', '1e3', '99999999999', '1.5', 'NaN'])
    expect((await ask('GET', `/projects/${service}/builds/${wrong}`, read)).status).toBe(400)
})

test('one Idempotency-Key makes one build, however often it is sent', async () => {
  const write = { ...(await token(['write'])), 'idempotency-key': '0192f0c1-7d7e-7000-8000-0000000000aa' }
  const answers = await Promise.all([1, 2, 3].map(() => ask('POST', `/projects/${service}/builds`, write, {})))
  expect(answers[0]?.json).toEqual({ number: expect.any(Number) })
  expect(new Set(answers.map(({ json }) => json.number)).size).toBe(1)
  const other = await ask('POST', `/projects/${service}/builds`, await token(['write']), {})
  expect(other.json.number).not.toBe(answers[0]?.json.number)
})

test('a project is made of an issue in each of its forms, once for one key', async () => {
  const write = { ...(await token(['write'])), 'idempotency-key': '0192f0c1-7d7e-7000-8000-0000000000ab' }
  const source = { type: 'text', title: 'A small shop', body: 'It sells tea.' }
  const [first, second] = [await ask('POST', '/projects', write, { source }), await ask('POST', '/projects', write, { source })]
  expect(first.json).toMatchObject({ service: expect.any(String), build: 1 })
  expect(second.json).toEqual(first.json)
  const bad = await ask('POST', '/projects', write, { source: { type: 'carrier pigeon' } })
  expect([bad.status, bad.json.details.fields[0].field]).toEqual([400, 'source.type'])
})

test('downloads take a token with the scope read, and refuse in the one envelope', async () => {
  for (const [name, get] of Object.entries(raw)) {
    const read = await get(await token(['read']))
    expect([name, read.status, await read.text()]).toEqual([name, 200, name === 'console' ? 'line one\n' : '# hello'])
    const stranger = (await makeUser()).id
    const refusals: [string, Record<string, string>, number, string][] = [
      ['nobody', {}, 401, 'UNAUTHENTICATED'],
      ['another scope', await token(['write', 'admin']), 403, 'FORBIDDEN'],
      ['expired', await token(['read'], { expiresAt: new Date(Date.now() - 1_000) }), 401, 'UNAUTHENTICATED'],
      ['unknown', { authorization: `Bearer ${newSecret(tokenPrefix)}` }, 401, 'UNAUTHENTICATED'],
      ['another scheme', { authorization: 'Basic eDp5' }, 401, 'UNAUTHENTICATED'],
      ['a stranger', await token(['read'], { userId: stranger }), 404, 'NOT_FOUND'],
      ['a stranger’s session', { cookie: await makeSession(stranger) }, 404, 'NOT_FOUND'],
      ['a bad token beside a good cookie', { cookie: await makeSession(ownerId), authorization: 'Bearer mst_x' }, 401, 'UNAUTHENTICATED'],
    ]
    for (const [who, headers, status, code] of refusals) {
      const answer = await get(headers)
      expect([name, who, answer.status, await answer.json()]).toEqual([
        name,
        who,
        status,
        { success: false, error_code: code, message: expect.any(String), details: expect.anything() },
      ])
    }
  }
})
