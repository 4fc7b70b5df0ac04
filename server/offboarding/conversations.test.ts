import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { branchOf, chatFor, closeChat, createChat, handIn, renameChat } from '@/server/chats/service.ts'
import { parseEnv } from '@/server/core/env.ts'
import { actorFromId, spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { chats as chatSources } from '@/server/rotation/sources/chats.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { addUserMessage } from '@/server/testing/said.ts'
import { rotateDataKey } from '@/server/vault/service.ts'
import { deleteAccount, exportOf, removeGivenUpProjects } from './service.ts'

const dataDir = vi.hoisted(() => {
  const path = `/tmp/maestro-leaving-${process.pid}-${Date.now()}`
  process.env.MAESTRO_DATA_DIR = path
  return path
})
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const inngest = makeInngest(parseEnv({}), silent)
  connectInngest(inngest, async () => Response.json({ ids: ['1'], status: 200 }))
  const objects = fileObjectStore(join(dataDir, 'objects'))
  register({ hub: await openPostgresHub(database.url), ai: noAi, inngest, objects })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Somebody who has said something and handed a file in. */
async function talker() {
  const user = await makeUser()
  const actorId = await asActor(user.id)
  const spaceId = await spaceForActor(actorId)
  const { id } = await createChat(actorId, { requestId: randomUUID(), agentId: null })
  await addUserMessage(actorId, id, { id: randomUUID(), parts: [{ type: 'text', turn: 0, text: '제 이야기' }] })
  await renameChat(actorId, id, 'A title')
  await handIn(actorId, id, { requestId: randomUUID(), name: 'a.txt', bytes: Buffer.from('handed in') })
  const { objectKey } = await database.db.chatAttachment.findFirstOrThrow({ where: { sessionId: id } })
  return { user, actorId, spaceId, id, objectKey }
}

test('an account that is deleted takes its conversations along, and nobody else’s', async () => {
  const [me, other] = [await talker(), await talker()]
  const actor = await actorFromId(me.user.id)
  if (!actor) throw new Error('there is nobody')
  const act = { actorId: me.actorId, email: me.user.email, address: null, userAgent: null, requestId: randomUUID() }
  await deleteAccount(act, actor, { confirm: me.user.email, projects: [] })
  // Between the account's end and the removal nobody opens anything of it.
  expect(await database.db.project.count({ where: { id: me.spaceId, deletedAt: null } })).toBe(0)
  expect(await removeGivenUpProjects()).toBe(1)
  const left = async ({ id, spaceId, objectKey }: typeof me) => [
    await database.db.chatSession.count({ where: { id } }),
    await database.db.chatMessage.count({ where: { sessionId: id } }),
    await database.db.dataKey.count({ where: { projectId: spaceId } }),
    (await registry('objects').get(objectKey)) ? 1 : 0,
  ]
  expect(await left(me)).toEqual([0, 0, 0, 0])
  expect(await left(other)).toEqual([1, 1, 1, 1])
})

test('an export of an account has all that was said', async () => {
  const me = await talker()
  await closeChat(me.actorId, me.id)
  let text = ''
  for await (const piece of exportOf(me.actorId)) text += piece
  expect(JSON.parse(text).conversations).toMatchObject([
    { id: me.id, title: 'A title', status: 'CLOSED', messages: [{ role: 'user', parts: [{ text: '제 이야기' }] }] },
  ])
})

test('conversations are sealed anew with their owner’s next key', async () => {
  const me = await talker()
  const { id: keyId } = await rotateDataKey(me.spaceId)
  let resealed = 0
  for (const source of chatSources) {
    const taken = await source.take(me.spaceId, { keyId, after: null, bytes: 1_000_000 })
    const counts = await taken.work()
    expect(counts.unreadable).toBe(0)
    resealed += counts.resealed
  }
  expect(resealed).toBe(3)
  for (const source of chatSources)
    expect((await source.tally(me.spaceId)).every((tally) => tally.keyId?.replaceAll('-', '') === keyId.replaceAll('-', ''))).toBe(true)
  expect(await chatFor(me.actorId, me.id)).toMatchObject({ title: 'A title', unreadable: false })
  expect((await branchOf(me.actorId, me.id))[0]?.parts).toMatchObject([{ text: '제 이야기' }])
})
