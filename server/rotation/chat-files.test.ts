import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { packFiles, readFile, writeFile } from '@/server/files/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { activeKeyId, rotateDataKey } from '@/server/vault/service.ts'
import { chatFiles } from './sources/chat-files.ts'

let database: TestDatabase
const store = new Map<string, Buffer>()

beforeAll(async () => {
  database = await testDatabase()
  const put = async (key: string, bytes: Uint8Array) => void store.set(key, Buffer.from(bytes))
  register({ objects: { put, get: async (key) => store.get(key) ?? null, delete: async (key) => void store.delete(key) } })
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'chat-files-'))
  chmodSync(env().MAESTRO_DATA_DIR, 0o711)
})
afterAll(async () => {
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  await database.drop()
})

test('packed files are sealed anew with the key of their owner’s space, and come back', async () => {
  const actorId = await asActor((await makeUser()).id)
  const spaceId = await spaceForActor(actorId)
  const { id } = await db().chatSession.create({ data: { ownerId: actorId, spaceId, requestId: randomUUID() } })
  await writeFile(spaceId, id, { path: 'a.txt', text: 'kept', expected: 'anything' })
  await packFiles(spaceId, id)
  const before = [...store.values()][0]
  await rotateDataKey(spaceId)
  const keyId = await activeKeyId(spaceId)
  const [source] = chatFiles
  const taken = await source?.take(spaceId, { keyId, after: null, bytes: 1_000_000 })
  expect(await taken?.work()).toMatchObject({ rows: 1, resealed: 1, unreadable: 0 })
  expect([...store.values()][0]).not.toEqual(before)
  expect(await source?.tally(spaceId)).toMatchObject([{ keyId, rows: 1 }])
  expect((await readFile(spaceId, id, 'a.txt')).text).toBe('kept')
})
