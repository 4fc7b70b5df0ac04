import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { systemClock } from '@/server/core/clock.ts'
import { db } from '@/server/core/db.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { writeFile } from '@/server/files/service.ts'
import { closeMail } from '@/server/notifications/service.ts'
import { createStream } from '@/server/streams/service.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { type TestMail, testMail } from '@/server/testing/mail.ts'
import { addUserMessage, openAnswer } from '@/server/testing/said.ts'
import * as chats from '../service.ts'

const dataDir = vi.hoisted(() => {
  const path = `/tmp/maestro-chats-${process.pid}-${Date.now()}`
  process.env.MAESTRO_DATA_DIR = path
  return path
})
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

let database: TestDatabase
let mail: TestMail
let passed = 0
const wait = (ms: number) => {
  passed += ms
  register({ clock: { ...systemClock, now: () => Date.now() + passed } })
}
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url), ai: noAi, objects: fileObjectStore(join(dataDir, 'objects')) })
  mail = await testMail()
})
afterEach(() => wait(-passed))
afterAll(async () => {
  closeMail()
  await mail.stop()
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

async function someone() {
  const user = await makeUser()
  const actorId = await asActor(user.id)
  const api = (await serverCaller(new Headers({ cookie: await makeSession(user.id, { lastSeenAt: new Date(0) }) }))).chats
  const { id } = await api.create({ requestId: randomUUID() })
  return { user, actorId, api, id, spaceId: await spaceForActor(actorId) }
}
type Person = Awaited<ReturnType<typeof someone>>
const statusOf = async (id: string) => (await db().chatSession.findUnique({ where: { id } }))?.status ?? 'gone'

/** An answer that is being made. */
async function openRun({ actorId, id, spaceId }: Person) {
  const said = await addUserMessage(actorId, id, { id: randomUUID(), parts: [] })
  const given = { id: randomUUID(), parentId: said.id, agentId: null, agentName: 'Ada', model: null }
  const { id: messageId } = await openAnswer(actorId, id, given)
  const row = { sessionId: id, messageId, requestId: randomUUID(), ownerId: actorId, streamId: await createStream(spaceId, 'chat') }
  return db().chatRun.create({ data: { ...row, state: 'RUNNING' } })
}

describe('a conversation without traffic', () => {
  test('rests after half an hour, is closed after a week and goes in the end, with all that belongs to it', async () => {
    const one = await someone()
    const { id, actorId, spaceId } = one
    await writeFile(spaceId, id, { path: 'a.txt', text: 'a', expected: 'anything' })
    const attachment = await chats.handIn(actorId, id, { requestId: randomUUID(), name: 'b.txt', bytes: Buffer.from('b') })
    const run = await openRun(one)
    wait(29 * minuteMs)
    await chats.sweepChats()
    expect(await statusOf(id)).toBe('ACTIVE')
    wait(minuteMs * 2)
    // What is at work keeps it, however long it takes.
    await chats.sweepChats()
    expect(await statusOf(id)).toBe('ACTIVE')
    await db().chatRun.update({ where: { id: run.id }, data: { state: 'SUCCEEDED' } })
    expect(await chats.sweepChats()).toMatchObject({ inactive: 1, closed: 0, removed: 0, packed: 1 })
    expect(await statusOf(id)).toBe('INACTIVE')
    const pieces = await db().chatFilePiece.findMany({ where: { sessionId: id } })
    const { objectKey } = await db().chatAttachment.findUniqueOrThrow({ where: { id: attachment.id } })
    const keys = [objectKey, ...pieces.map((piece) => piece.objectKey)]
    expect(keys.length).toBeGreaterThan(1)
    wait(7 * dayMs)
    await chats.sweepChats()
    expect(await statusOf(id)).toBe('CLOSED')
    wait(364 * dayMs)
    await chats.sweepChats()
    for (const key of keys) expect(await registry('objects').get(key)).not.toBeNull()
    wait(2 * dayMs)
    await chats.sweepChats()
    expect(await statusOf(id)).toBe('gone')
    for (const key of keys) expect(await registry('objects').get(key)).toBeNull()
    expect(await db().stream.count({ where: { id: run.streamId } })).toBe(0)
  })

  test('is kept as long as it is pinned, and a while longer', async () => {
    const one = await someone()
    await one.api.pin({ id: one.id, pinned: true })
    await one.api.close({ id: one.id })
    wait(900 * dayMs)
    await chats.sweepChats()
    expect(await statusOf(one.id)).toBe('CLOSED')
    await one.api.pin({ id: one.id, pinned: false })
    wait(364 * dayMs)
    await chats.sweepChats()
    expect(await statusOf(one.id)).toBe('CLOSED')
    wait(2 * dayMs)
    await chats.sweepChats()
    expect(await statusOf(one.id)).toBe('gone')
  })

  test('is at work again as soon as something is said, and one closed by hand is not', async () => {
    const one = await someone()
    wait(31 * minuteMs)
    await chats.sweepChats()
    await addUserMessage(one.actorId, one.id, { id: randomUUID(), parts: [] })
    expect(await statusOf(one.id)).toBe('ACTIVE')
    await one.api.close({ id: one.id })
    await chats.touch(one.id)
    expect(await statusOf(one.id)).toBe('CLOSED')
  })

  test('is removed by its owner with what is being made in it', async () => {
    const one = await someone()
    const run = await openRun(one)
    await chats.handIn(one.actorId, one.id, { requestId: randomUUID(), name: 'b.txt', bytes: Buffer.from('b') })
    const { objectKey } = await db().chatAttachment.findFirstOrThrow({ where: { sessionId: one.id } })
    await one.api.delete({ id: one.id })
    expect([await statusOf(one.id), await registry('objects').get(objectKey)]).toEqual(['gone', null])
    expect(await db().chatRun.count({ where: { id: run.id } })).toBe(0)
  })
})

describe('a tool call that waits', () => {
  const ask = async (one: Person) => {
    const run = await openRun(one)
    const row = { runId: run.id, sessionId: one.id, ownerId: one.actorId, callId: 'c', tool: 'run', sealed: Buffer.from('rm -rf') }
    const at = new Date(registry('clock').now())
    return db().toolApproval.create({ data: { ...row, askedAt: at, expiresAt: at } })
  }

  test('is written about once, after ten minutes, and without a word of it', async () => {
    const one = await someone()
    await ask(one)
    wait(9 * minuteMs)
    expect(await chats.sweepWaitingApprovals()).toBe(0)
    wait(2 * minuteMs)
    expect([await chats.sweepWaitingApprovals(), await chats.sweepWaitingApprovals()]).toEqual([1, 0])
    const [letter, ...more] = await mail.to(one.user.email)
    expect([letter?.subject, more]).toEqual(['An agent waits for your word', []])
    expect(letter?.text).toContain(`/workspace/${one.id}`)
    expect(letter?.text).not.toContain('rm -rf')
  })

  test('is written about however many others wait', async () => {
    const people = [await someone(), await someone(), await someone()]
    for (const one of people) await ask(one)
    wait(11 * minuteMs)
    expect([await chats.sweepWaitingApprovals(1), await chats.sweepWaitingApprovals(1)]).toEqual([3, 0])
  })

  test('is not written about to somebody who is there, nor where it was answered', async () => {
    const [there, answered] = [await someone(), await someone()]
    await ask(there)
    const approval = await ask(answered)
    wait(11 * minuteMs)
    await db().session.updateMany({ where: { userId: there.user.id }, data: { lastSeenAt: new Date(registry('clock').now() - minuteMs) } })
    await db().toolApproval.update({ where: { id: approval.id }, data: { state: 'DENIED' } })
    expect(await chats.sweepWaitingApprovals()).toBe(0)
    wait(10 * minuteMs)
    expect(await chats.sweepWaitingApprovals()).toBe(1)
  })
})
