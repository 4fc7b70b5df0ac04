import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PUT } from '@/app/api/files/[session]/file/route.ts'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'files-upload-'))
  chmodSync(env().MAESTRO_DATA_DIR, 0o711)
})
afterAll(async () => {
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  await database.drop()
})

test('files are taken as they are meant, and so often from one person; then they are refused in words', async () => {
  const { id: ownerId } = await makeUser({ approvedAt: new Date() })
  const cookie = await makeSession(ownerId)
  const spaceId = await spaceForActor(await asActor(ownerId))
  const { id: session } = await db().chatSession.create({ data: { ownerId, spaceId, requestId: randomUUID() } })
  const put = (more: Record<string, string> = {}) => {
    const request = new Request('http://localhost/api?path=a.txt', { method: 'PUT', body: 'words', headers: { cookie, ...more } })
    return PUT(request, { params: Promise.resolve({ session }) })
  }
  expect((await put()).status).toBe(200)
  // Whoever does not know that there is something already replaces nothing.
  expect((await put({ 'if-none-match': '*' })).status).toBe(409)
  const scale = env().MAESTRO_RATE_LIMIT_SCALE
  env().MAESTRO_RATE_LIMIT_SCALE = 1 / 6_000
  const refused = await put().finally(() => {
    env().MAESTRO_RATE_LIMIT_SCALE = scale
  })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
})
