import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { addUserMessage, openAnswer } from '@/server/testing/said.ts'
import * as chats from './service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const objects = { put: async () => undefined, get: async () => null, delete: async () => undefined }
  register({ hub: await openPostgresHub(database.url), ai: noAi, objects })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

const text = (words: string) => [{ type: 'text' as const, turn: 0, text: words }]
async function someone() {
  const user = await makeUser()
  const api = (await serverCaller(new Headers({ cookie: await makeSession(user.id) }))).chats
  const actorId = await asActor(user.id)
  const create = () => api.create({ requestId: randomUUID() })
  return { user, api, actorId, create, spaceId: await spaceForActor(actorId) }
}
type Person = Awaited<ReturnType<typeof someone>>

/** Says something and answers it; gives both ids. */
async function exchange({ actorId, spaceId }: Person, sessionId: string, question: string, answer: string, parentId?: string | null) {
  const at = { id: randomUUID(), ...(parentId === undefined ? {} : { parentId }), parts: text(question) }
  const said = await addUserMessage(actorId, sessionId, at)
  const opened = await openAnswer(actorId, sessionId, {
    id: randomUUID(),
    parentId: said.id,
    agentId: null,
    agentName: 'Ada',
    model: 'm',
  })
  const spent = { inputTokens: 10, outputTokens: 5, costMicros: 7 }
  await chats.finishAnswer(spaceId, opened.id, { parts: text(answer), state: 'done', ...spent })
  return { said: said.id, answered: opened.id }
}
const told = async ({ api }: Person, id: string) =>
  (await api.messages({ id })).items.map(({ parts }) => parts?.map((part) => (part.type === 'text' ? part.text : part.type)).join())
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { cause?: unknown }) => error.cause ?? error,
  )

describe('a conversation', () => {
  test('is begun once for a request, and nobody else’s request is the same', async () => {
    const [one, other] = [await someone(), await someone()]
    const requestId = randomUUID()
    const made = await Promise.all(Array.from({ length: 5 }, () => one.api.create({ requestId })))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect((await other.api.create({ requestId })).id).not.toBe(made[0]?.id)
    expect(await refusal(one.api.create({ requestId: randomUUID(), agentId: randomUUID() }))).toMatchObject({
      code: 'NOT_FOUND',
      key: 'noAgent',
    })
  })

  test('is its owner’s alone, in every way', async () => {
    const [one, other] = [await someone(), await someone()]
    const { id } = await one.create()
    const { said } = await exchange(one, id, 'mine', 'yours')
    const { api } = other
    const tries = [
      () => api.get({ id }),
      () => api.messages({ id }),
      () => api.select({ id, messageId: said }),
      () => api.rename({ id, title: 'x' }),
      () => api.pin({ id, pinned: true }),
      () => api.archive({ id, archived: true }),
      () => api.close({ id }),
      () => api.reopen({ id }),
      () => api.delete({ id }),
      () => api.markRead({ id }),
      () => api.share({ id }),
      () => api.unshare({ id }),
      () => addUserMessage(other.actorId, id, { id: randomUUID(), parts: text('x') }),
      () => chats.exportChat(other.actorId, id, 'md', false),
    ]
    for (const work of tries) expect(await refusal(work())).toMatchObject({ code: 'NOT_FOUND', key: 'noChat' })
    expect(await chats.finishAnswer(other.spaceId, said, { parts: [], state: 'done' })).toBe(false)
    expect(await one.api.get({ id })).toMatchObject({ title: null, pinned: false, status: 'active' })
  })

  test('is sealed: neither its title nor its words stand in the database', async () => {
    const one = await someone()
    const { id } = await one.create()
    await exchange(one, id, 'the secret of the pyramids', 'an answer about it')
    await one.api.rename({ id, title: 'Pyramids' })
    const rows = JSON.stringify([await db().chatSession.findMany(), await db().chatMessage.findMany()], (_, value) =>
      typeof value === 'bigint' ? Number(value) : value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    for (const word of ['pyramids', 'Pyramids', 'answer about']) expect(rows).not.toContain(word)
    expect(await one.api.get({ id })).toMatchObject({ title: 'Pyramids', inputTokens: 10, outputTokens: 5, costMicros: 7 })
  })

  test('shows what no key opens as such, and the rest all the same', async () => {
    const one = await someone()
    const { id } = await one.create()
    const { said } = await exchange(one, id, 'lost', 'kept')
    await one.api.rename({ id, title: 'Lost' })
    await db().chatMessage.update({ where: { id: said }, data: { sealed: Buffer.from('no sealed bytes') } })
    await db().chatSession.update({ where: { id }, data: { titleSealed: Buffer.from('neither') } })
    expect(await one.api.get({ id })).toMatchObject({ title: null, unreadable: true })
    expect((await one.api.messages({ id })).items).toMatchObject([{ parts: null }, { parts: [{ text: 'kept' }] }])
    const pieces: string[] = []
    for await (const piece of await chats.exportChat(one.actorId, id, 'json', true)) pieces.push(piece)
    expect(JSON.parse(pieces.join('')).messages).toMatchObject([{ parts: null }, { parts: [{ text: 'kept' }] }])
  })
})

describe('messages', () => {
  test('form branches that can be switched; the newest one below a message is shown', async () => {
    const one = await someone()
    const { id } = await one.create()
    const first = await exchange(one, id, 'q1', 'a1')
    const second = await exchange(one, id, 'q2', 'a2')
    const edited = await exchange(one, id, 'q2 edited', 'a2 edited', first.answered)
    expect(await told(one, id)).toEqual(['q1', 'a1', 'q2 edited', 'a2 edited'])
    const [, , question] = (await one.api.messages({ id })).items
    expect(question).toMatchObject({ id: edited.said, siblings: [second.said, edited.said] })
    expect(await one.api.select({ id, messageId: second.said })).toEqual({ leafId: second.answered })
    expect(await told(one, id)).toEqual(['q1', 'a1', 'q2', 'a2'])
    expect(await one.api.select({ id, messageId: first.said })).toEqual({ leafId: edited.answered })
    const anew = await exchange(one, id, 'anew', 'from nothing', null)
    expect(await told(one, id)).toEqual(['anew', 'from nothing'])
    expect((await one.api.messages({ id })).items[0]?.siblings).toEqual([first.said, anew.said])
    expect(await refusal(one.api.select({ id, messageId: randomUUID() }))).toMatchObject({ key: 'noMessage' })
    expect((await chats.branchOf(one.actorId, id, second.answered)).map(({ id: at }) => at)).toEqual([
      ...[first.said, first.answered, second.said, second.answered],
    ])
  })

  test('are added once for their id, end once, and never follow another conversation’s', async () => {
    const one = await someone()
    const [{ id }, { id: elsewhere }] = [await one.create(), await one.create()]
    const foreign = await exchange(one, elsewhere, 'there', 'there too')
    const said = { id: randomUUID(), parts: text('once') }
    const added = await Promise.all(Array.from({ length: 4 }, () => addUserMessage(one.actorId, id, said)))
    expect(added.filter(({ created }) => created)).toHaveLength(1)
    const refusals = [
      { ...said, id: randomUUID(), parentId: foreign.said },
      { ...said, id: foreign.said },
    ]
    for (const bad of refusals) expect(await refusal(addUserMessage(one.actorId, id, bad))).toMatchObject({ key: 'noMessage' })
    const answer = { id: randomUUID(), parentId: said.id, agentId: null, agentName: null, model: null }
    await openAnswer(one.actorId, id, answer)
    const ends = await Promise.all(
      Array.from({ length: 3 }, () =>
        chats.finishAnswer(one.spaceId, answer.id, { parts: text('whole'), state: 'stopped', outputTokens: 3, unread: true }),
      ),
    )
    expect(ends.filter(Boolean)).toHaveLength(1)
    expect(await one.api.get({ id })).toMatchObject({ unread: true, outputTokens: 3 })
    expect(await one.api.unread()).toEqual({ unread: 1 })
    await one.api.markRead({ id })
    expect(await one.api.unread()).toEqual({ unread: 0 })
    await one.api.close({ id })
    expect(await refusal(addUserMessage(one.actorId, id, { id: randomUUID(), parts: [] }))).toMatchObject({ key: 'chatClosed' })
    await one.api.reopen({ id })
    expect(await addUserMessage(one.actorId, id, { id: randomUUID(), parts: text('on') })).toMatchObject({ parentId: answer.id })
  })

  test('come a page at a time, also where there are thousands', async () => {
    const one = await someone()
    const { id } = await one.create()
    const { answered } = await exchange(one, id, 'q', 'a')
    const sample = await db().chatMessage.findUniqueOrThrow({ where: { id: answered } })
    const ids = Array.from({ length: 4_998 }, () => randomUUID())
    const rows = ids.map((at, nth) => ({ ...sample, id: at, parentId: ids[nth - 1] ?? answered, createdAt: new Date(Date.now() + nth) }))
    await db().chatMessage.createMany({ data: rows })
    await db().chatSession.update({ where: { id }, data: { leafId: ids.at(-1) ?? null } })
    const last = await chats.messagesPage(one.actorId, { id, limit: 60 })
    expect(last).toMatchObject({ total: 5_000, next: ids.at(-60) })
    expect(last.items.map((item) => item.id)).toEqual(ids.slice(-60))
    const before = await one.api.messages({ id, before: last.next ?? '', limit: 2 })
    expect(before.items.map((item) => item.id)).toEqual(ids.slice(-62, -60))
    // Whoever pages on stays in their branch, whichever is shown by now.
    await exchange(one, id, 'anew', 'b', null)
    expect((await one.api.messages({ id, before: ids[0] ?? '' })).items).toHaveLength(2)
    expect(await refusal(one.api.messages({ id, before: randomUUID() }))).toMatchObject({ key: 'noMessage' })
  })
})

describe('the list', () => {
  test('has pinned ones first, then the latest, a page at a time; the archive is another list', async () => {
    const one = await someone()
    const ids: string[] = []
    for (let nth = 0; nth < 5; nth++) ids.push((await one.create()).id)
    for (const [nth, id] of ids.entries()) await db().chatSession.update({ where: { id }, data: { lastActiveAt: new Date(1_000 * nth) } })
    await one.api.pin({ id: ids[0] ?? '', pinned: true })
    await one.api.archive({ id: ids[1] ?? '', archived: true })
    const first = await one.api.list({ limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual([ids[0], ids[4], ids[3]])
    // A cursor that is none begins anew.
    for (const before of ['2026-01-01T00:00:00.000Z~a\u0000', '+275760-09-13T00:00:00.000Z~a', `${'9'.repeat(40)}~a`, 'x'])
      expect((await one.api.list({ limit: 2, before })).items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id))
    const second = await one.api.list({ limit: 2, before: first.next ?? '' })
    expect([second.items.map(({ id }) => id), second.next]).toEqual([[ids[2]], null])
    expect((await one.api.list({ archived: true })).items.map(({ id }) => id)).toEqual([ids[1]])
    expect((await (await someone()).api.list({})).items).toEqual([])
  })

  test('is searched in titles and in what was said, Korean too, and in nobody else’s', async () => {
    const [one, other] = [await someone(), await someone()]
    const [a, b, c] = [await one.create(), await one.create(), await one.create()]
    await exchange(one, a.id, '데이터베이스를 어떻게 옮기나요?', '먼저 백업을 만드세요.')
    await exchange(one, b.id, `${'far '.repeat(60)}a NEEDLE in hay ${'off '.repeat(60)}`, 'I see')
    await one.api.rename({ id: c.id, title: 'Needles and 바늘' })
    await exchange(other, (await other.create()).id, 'needle 데이터베이스', 'x')
    const found = async (search: string) => (await one.api.list({ search })).items.map(({ id }) => id)
    expect(await found('데이터베이스를'.normalize('NFD'))).toEqual([a.id])
    expect(await found('백업')).toEqual([a.id])
    expect((await found('needle')).sort()).toEqual([b.id, c.id].sort())
    expect(await found('hay needle')).toEqual([b.id])
    expect(await found('바늘')).toEqual([c.id])
    expect(await found('nothing like it')).toEqual([])
    const hit = (await one.api.list({ search: 'needle in' })).items[0]
    expect(hit?.snippet).toMatch(/^…far .* NEEDLE in hay .*…$/)
    expect(hit?.snippet?.length).toBeLessThan(200)
  })

  test('finds each of the pinned ones, however few a page has', async () => {
    const one = await someone()
    const ids = []
    for (let nth = 0; nth < 3; nth++) {
      const { id } = await one.create()
      await one.api.rename({ id, title: 'the word' })
      if (nth < 2) await one.api.pin({ id, pinned: true })
      ids.push(id)
    }
    const found: string[] = []
    for (let before: string | null = '', turn = 0; before !== null && turn < 9; turn++) {
      const page: Awaited<ReturnType<typeof chats.listChats>> = await one.api.list({ search: 'word', limit: 1, ...(before && { before }) })
      found.push(...page.items.map(({ id }) => id))
      before = page.next
    }
    expect(found).toEqual([ids[1], ids[0], ids[2]])
  })

  test('is not searched without end, in chats and documents together; the list stands without a search', async () => {
    const scale = env().MAESTRO_RATE_LIMIT_SCALE
    env().MAESTRO_RATE_LIMIT_SCALE = 1 / 120
    try {
      const { user, api } = await someone()
      await api.list({ search: 'word' })
      const refused = { code: 'TOO_MANY_REQUESTS', cause: { key: 'tooMany', retryAfter: expect.any(Number) } }
      await expect(api.list({ search: 'word' })).rejects.toMatchObject(refused)
      const { memory } = await serverCaller(new Headers({ cookie: await makeSession(user.id) }))
      await expect(memory.search({ agentId: randomUUID(), query: 'word' })).rejects.toMatchObject(refused)
      expect((await api.list({})).items).toEqual([])
    } finally {
      env().MAESTRO_RATE_LIMIT_SCALE = scale
    }
  })

  test('says where a search was cut, and goes on from there', async () => {
    const one = await someone()
    const ids = []
    for (let nth = 0; nth < 3; nth++) {
      const { id } = await one.create()
      await exchange(one, id, 'the word', 'x')
      ids.push(id)
    }
    const real = registry('clock')
    // Each look at the clock takes a second: the time is up before the second conversation.
    let at = real.now()
    register({ clock: { ...real, now: () => (at += 700) } })
    const found = []
    try {
      for (let next: string | null | undefined, turn = 0; next !== null && turn < 9; turn++) {
        const page: Awaited<ReturnType<typeof chats.listChats>> = await chats.listChats(one.actorId, {
          ...{ search: 'word', archived: false, limit: 50 },
          ...(next ? { before: next } : {}),
        })
        if (turn === 0) expect(page.cut).toBe(true)
        found.push(...page.items.map(({ id }) => id))
        next = page.next
      }
    } finally {
      register({ clock: real })
    }
    expect(found.sort()).toEqual(ids.sort())
  })
})
