import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Inngest } from 'inngest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POST } from '@/app/api/agents/[id]/documents/route.ts'
import { db } from '@/server/core/db.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'

let database: TestDatabase
const folder = mkdtempSync(join(tmpdir(), 'uploads-'))
beforeAll(async () => {
  database = await testDatabase()
  const inngest = new Inngest({ id: 'test', isDev: true, fetch: async () => Response.json({ ids: ['1'], status: 200 }) })
  register({ hub: await openPostgresHub(database.url), objects: fileObjectStore(folder), inngest })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

async function upload(cookie: string | null, id: string, fields: Record<string, string | File>) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  const request = new Request('http://localhost/api', { method: 'POST', body, headers: cookie ? { cookie } : {} })
  const answer = await POST(request, { params: Promise.resolve({ id }) })
  return { status: answer.status, body: await answer.json() }
}

test('documents are taken from an agent’s owner alone', async () => {
  const people = await Promise.all([
    makeUser({ approvedAt: new Date() }),
    makeUser({ approvedAt: new Date() }),
    makeUser({ approvedAt: null }),
  ])
  const [owner, other, waiting] = await Promise.all(people.map(({ id }) => makeSession(id)))
  const id = randomUUID()
  const ownerId = people[0]?.id ?? ''
  await db().agent.create({ data: { id, ownerId, requestId: id, name: 'A', model: 'claude-sonnet-5-5', sealed: Buffer.from('x') } })
  const good = { requestId: randomUUID(), file: new File(['Some words'], 'a.txt') }
  expect((await upload(null, id, good)).status).toBe(401)
  expect((await upload(waiting ?? null, id, good)).status).toBe(403)
  expect((await upload(other ?? null, id, good)).status).toBe(404)
  expect((await upload(owner ?? null, 'nothing', good)).status).toBe(404)
  expect(await upload(owner ?? null, id, { requestId: good.requestId })).toMatchObject({
    status: 400,
    body: { details: { reason: 'noFile' } },
  })
  const image = new File([Uint8Array.from([0, 1, 2])], 'a.png')
  expect(await upload(owner ?? null, id, { ...good, file: image })).toMatchObject({
    status: 400,
    body: { details: { reason: 'documentKind' } },
  })
  expect(await db().memoryDocument.count()).toBe(0)
  expect(await upload(owner ?? null, id, good)).toMatchObject({ status: 201, body: { name: 'a.txt', state: 'reading', bytes: 10 } })
  expect((await upload(owner ?? null, id, good)).status).toBe(201)
  expect(await db().memoryDocument.count()).toBe(1)
})
