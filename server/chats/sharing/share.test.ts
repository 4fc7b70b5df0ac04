import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { db } from '@/server/core/db.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { addUserMessage, openAnswer } from '@/server/testing/said.ts'
import * as chats from '../service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url), ai: noAi })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

// Put together here, so that no scanner of this repository takes it for one.
const secretValue = ['AKIA', 'Z7Q2XW4LM6NP3RTV'].join('')

async function conversation() {
  const user = await makeUser()
  const actorId = await asActor(user.id)
  const { chats: api } = await serverCaller(new Headers({ cookie: await makeSession(user.id) }))
  const [{ id }, spaceId] = [await api.create({ requestId: randomUUID() }), await spaceForActor(actorId)]
  const file = { type: 'file' as const, turn: 0, attachmentId: randomUUID(), name: 'a.txt', mediaType: 'text/plain', bytes: 1 }
  const said = await addUserMessage(actorId, id, { id: randomUUID(), parts: [{ type: 'text', turn: 0, text: 'my question' }, file] })
  const answer = { id: randomUUID(), parentId: said.id, agentId: null, agentName: 'Ada', model: 'm' }
  await openAnswer(actorId, id, answer)
  const parts = [
    { type: 'thinking' as const, turn: 0, text: 'private thoughts', signature: 's' },
    {
      ...{
        type: 'tool' as const,
        turn: 0,
        callId: 'c',
        tool: 'run_command',
        input: '{"command":"cat private.txt"}',
        state: 'done' as const,
      },
      output: `done\nAWS_ACCESS_KEY_ID=${secretValue}`,
      approvalId: randomUUID(),
    },
    { type: 'text' as const, turn: 1, text: 'the answer' },
  ]
  await chats.finishAnswer(spaceId, answer.id, { parts, state: 'done', inputTokens: 10, costMicros: 5 })
  return { id, api, actorId, file }
}
const anybody = async () => (await serverCaller(new Headers())).chats
const gone = { code: 'NOT_FOUND', cause: { key: 'noShare' } }

test('a link shows what was said and which tools were used, and nothing else, to whoever has it', async () => {
  const { id, api, file } = await conversation()
  const { secret, url } = await api.share({ id })
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  expect(url.endsWith(`/shared/${secret}`)).toBe(true)
  const page = await (await anybody()).shared({ secret })
  expect(page.items.map(({ parts }) => parts?.map(({ type }) => type))).toEqual([
    ['text', 'file'],
    ['tool', 'text'],
  ])
  const text = JSON.stringify(page)
  for (const shown of ['my question', 'the answer', 'run_command', 'a.txt', 'done']) expect(text).toContain(shown)
  for (const hidden of ['private', secretValue, file.attachmentId, 'approvalId', 'signature', id]) expect(text).not.toContain(hidden)
  expect(page.items).toMatchObject([{ inputTokens: 0 }, { inputTokens: 0, costMicros: 0 }])
  // The secret itself is nowhere: whoever reads the database gets no link.
  expect(JSON.stringify((await db().chatSession.findUniqueOrThrow({ where: { id } })).shareHash)).not.toContain(secret)
})

test('a link shows the branch as it is now; it ends with a new one, by hand, with the conversation and with the account', async () => {
  const { id, api, actorId } = await conversation()
  const first = await api.share({ id })
  await addUserMessage(actorId, id, { id: randomUUID(), parentId: null, parts: [{ type: 'text', turn: 0, text: 'anew' }] })
  const nobody = await anybody()
  expect(await nobody.shared({ secret: first.secret })).toMatchObject({ total: 1, items: [{ parts: [{ text: 'anew' }] }] })
  expect(await api.get({ id })).toMatchObject({ shared: true })
  const { lastActiveAt } = await db().chatSession.findUniqueOrThrow({ where: { id } })
  const kept = new Date(lastActiveAt.getTime() + (7 + 365) * 86_400_000).toISOString()
  expect(await nobody.shared({ secret: first.secret })).toMatchObject({ until: kept })
  await api.pin({ id, pinned: true })
  expect(await nobody.shared({ secret: first.secret })).toMatchObject({ until: null })
  const second = await api.share({ id })
  await expect(nobody.shared({ secret: first.secret })).rejects.toMatchObject(gone)
  await api.unshare({ id })
  await expect(nobody.shared({ secret: second.secret })).rejects.toMatchObject(gone)
  await expect(nobody.shared({ secret: 'x'.repeat(43) })).rejects.toMatchObject(gone)
  await expect(nobody.shared({ secret: 'short' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  const third = await api.share({ id })
  await db().project.updateMany({ where: { personalOf: actorId }, data: { deletedAt: new Date() } })
  await expect(nobody.shared({ secret: third.secret })).rejects.toMatchObject(gone)
})
