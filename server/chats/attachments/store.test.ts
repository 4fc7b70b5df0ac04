import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { POST } from '@/app/api/chats/[id]/attachments/route.ts'
import { GET as exported } from '@/app/api/chats/[id]/export/route.ts'
import { GET } from '@/app/api/chats/attachments/[id]/route.ts'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { addUserMessage, openAnswer } from '@/server/testing/said.ts'
import * as chats from '../service.ts'

const folder = `/tmp/maestro-attachments-${process.pid}-${Date.now()}`
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url), ai: noAi, objects: fileObjectStore(join(folder, 'objects')) })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function someone(over: Parameters<typeof makeUser>[0] = {}) {
  const user = await makeUser(over)
  const [actorId, cookie] = [await asActor(user.id), await makeSession(user.id)]
  const { id } = await chats.createChat(actorId, { requestId: randomUUID(), agentId: null })
  const context = (at: string) => ({ params: Promise.resolve({ id: at }) })
  const send = (file: File, { to = id, requestId = randomUUID() }: { to?: string; requestId?: string } = {}) => {
    const body = new FormData()
    body.set('requestId', requestId)
    body.set('file', file)
    return POST(new Request('http://localhost/api/chats/x/attachments', { method: 'POST', headers: { cookie }, body }), context(to))
  }
  const get = (at: string) => GET(new Request('http://localhost/api/chats/attachments/x', { headers: { cookie } }), context(at))
  const download = (query: string, at = id) =>
    exported(new Request(`http://localhost/api/chats/x/export?${query}`, { headers: { cookie } }), context(at))
  return { actorId, id, send, get, download, spaceId: await spaceForActor(actorId) }
}
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(64, 7)])
const fileOf = (name: string, bytes: Uint8Array | string, type = 'text/html') =>
  new File([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)], name, { type })
const told = async (answer: Response) => ((await answer.json()) as { details: { reason: string } }).details.reason

describe('a file that is handed in', () => {
  test('is kept once for its request, sealed, and given back to its owner alone', async () => {
    const [one, other] = [await someone(), await someone()]
    const requestId = randomUUID()
    const file = fileOf('../../메모 <b>.html', '<script>alert(1)</script>')
    const answers = [await one.send(file, { requestId }), await one.send(file, { requestId })]
    const [first, second] = (await Promise.all(answers.map((answer) => answer.json()))) as { id: string }[]
    expect(first).toMatchObject({ name: '메모 <b>.html', mediaType: 'text/plain', bytes: 25 })
    expect(second).toEqual(first)
    const id = first?.id ?? ''
    const { objectKey } = await db().chatAttachment.findUniqueOrThrow({ where: { id } })
    expect((await registry('objects').get(objectKey))?.includes('script')).toBe(false)
    const back = await one.get(id)
    expect(await back.text()).toBe('<script>alert(1)</script>')
    // Whatever it is, no browser runs it as a page of ours.
    expect(Object.fromEntries(back.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': expect.stringMatching(/^attachment;/),
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
    })
    expect((await other.get(id)).status).toBe(404)
    expect((await other.send(file, { to: one.id })).status).toBe(404)
    expect(await chats.attachmentBytes(other.spaceId, id)).toBeNull()
    await expect(chats.filePartsOf(one.actorId, other.id, [id])).rejects.toMatchObject({ key: 'noAttachment' })
    expect(await chats.filePartsOf(one.actorId, one.id, [id])).toMatchObject([{ type: 'file', attachmentId: id }])
  })

  test('is what its bytes are, whatever it is called; only pictures are shown', async () => {
    const one = await someone()
    const kinds: [string, Uint8Array | string, string][] = [
      ['page.html', png, 'image/png'],
      ['drawing.png', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'text/plain'],
      ['a.md', '# 제목', 'text/markdown'],
      ['a.json', '{}', 'application/json'],
      ['a.pdf', '%PDF-1.7 x', 'application/pdf'],
      ['a.txt', Buffer.from([1, 0, 2]), 'application/octet-stream'],
    ]
    for (const [name, bytes, mediaType] of kinds) {
      const made = (await (await one.send(fileOf(name, bytes, 'image/svg+xml'))).json()) as { id: string; mediaType: string }
      expect(made.mediaType).toBe(mediaType)
      const shown = (await one.get(made.id)).headers.get('content-disposition') ?? ''
      expect(shown.startsWith('inline')).toBe(mediaType === 'image/png')
    }
  })

  test('is refused in words where it is empty, too large, more than there is room for, or none', async () => {
    const one = await someone()
    const large = Buffer.concat([png, Buffer.alloc(5 * 1024 * 1024)])
    expect(await told(await one.send(fileOf('a', '')))).toBe('emptyFile')
    expect(await told(await one.send(fileOf('a.png', large)))).toBe('imageTooLarge')
    const bad = new Request('http://localhost/x', { method: 'POST', headers: { cookie: 'none=1' }, body: 'no form' })
    expect((await POST(bad, { params: Promise.resolve({ id: one.id }) })).status).toBe(401)
    env().MAESTRO_CHAT_DISK_MB = 1
    try {
      await chats.handIn(one.actorId, one.id, { requestId: randomUUID(), name: 'a', bytes: Buffer.alloc(1024 * 1024, 65) })
      const refused = await one.send(fileOf('b.txt', 'one more'))
      expect([refused.status, await told(refused)]).toEqual([429, 'quotaDisk'])
      const other = await someone()
      const many = await Promise.all([1, 2, 3, 4].map((each) => other.send(fileOf(`${each}.txt`, 'x'.repeat(400_000)))))
      expect(many.map(({ status }) => status).sort()).toEqual([201, 201, 413, 413])
      expect(await db().chatAttachment.count({ where: { sessionId: other.id } })).toBe(2)
    } finally {
      env().MAESTRO_CHAT_DISK_MB = 1_024
    }
    expect((await (await someone({ approvedAt: null })).get(randomUUID())).status).toBe(403)
  })

  test('is told to be gone where its object is', async () => {
    const one = await someone()
    const { id } = (await (await one.send(fileOf('a.txt', 'a'))).json()) as { id: string }
    const { objectKey } = await db().chatAttachment.findUniqueOrThrow({ where: { id } })
    await registry('objects').put(objectKey, Buffer.from('altered'))
    expect([await chats.attachmentBytes(one.spaceId, id), await told(await one.get(id))]).toEqual([null, 'attachmentGone'])
  })
})

test('an export has the branch that is shown, or all of them, and fences that no output breaks', async () => {
  const [one, other] = [await someone(), await someone()]
  const text = (words: string) => [{ type: 'text' as const, turn: 0, text: words }]
  const { id } = await addUserMessage(one.actorId, one.id, { id: randomUUID(), parts: text('질문') })
  const answer = { id: randomUUID(), parentId: id, agentId: null, agentName: 'Ada\n# x', model: null }
  await openAnswer(one.actorId, one.id, answer)
  const tool = { type: 'tool' as const, turn: 0, callId: 'c', tool: 'run', input: '{}', output: 'a\n```\nb', state: 'done' as const }
  await chats.finishAnswer(one.spaceId, answer.id, { parts: [...text('답'), tool], state: 'done' })
  await addUserMessage(one.actorId, one.id, { id: randomUUID(), parentId: null, parts: text('elsewhere') })
  await chats.selectBranch(one.actorId, one.id, answer.id)
  const markdown = await (await one.download('format=md')).text()
  expect(markdown).toContain('## User')
  expect(markdown).toContain('## Ada # x')
  expect(markdown).toContain('````\na\n```\nb\n````')
  expect(markdown).not.toContain('elsewhere')
  const all = JSON.parse(await (await one.download('format=json&all=1')).text())
  expect(all.messages).toHaveLength(3)
  expect(all).toMatchObject({ format: 'maestro-chat-1', shownLeaf: answer.id })
  expect([(await other.download('format=md', one.id)).status, (await one.download('format=exe')).status]).toEqual([404, 404])
})

test('a server that ended before a file was stored leaves nothing that nobody knows of, and the same request stores it', async () => {
  const one = await someone()
  const objects = registry('objects')
  const file = { requestId: randomUUID(), name: 'a.txt', bytes: Buffer.from('all of it') }
  const away = async () => {
    throw new Error('the store is away')
  }
  register({ objects: { ...objects, put: away } })
  try {
    await expect(chats.handIn(one.actorId, one.id, file)).rejects.toThrow('away')
  } finally {
    register({ objects })
  }
  const row = await db().chatAttachment.findFirstOrThrow({ where: { sessionId: one.id } })
  await expect(chats.ownAttachment(one.actorId, row.id)).rejects.toMatchObject({ key: 'attachmentGone' })
  await chats.handIn(one.actorId, one.id, file)
  expect((await chats.ownAttachment(one.actorId, row.id)).bytes.toString()).toBe('all of it')
  await chats.deleteChat(one.actorId, one.id)
  expect(await objects.get(row.objectKey)).toBeNull()
})

describe('a quota', () => {
  test('counts a person’s tokens of the day, of conversations alone, and says when they begin anew', async () => {
    const [one, other] = [await someone(), await someone()]
    const day = new Date(new Date().toISOString().slice(0, 10))
    const call = { projectId: one.spaceId, purpose: 'chat', model: 'm', demo: true, inputTokens: 900_000, outputTokens: 100_000 }
    const rows = [
      { ...call, actorId: one.actorId, sessionId: one.id, startedAt: day },
      { ...call, actorId: one.actorId, sessionId: one.id, startedAt: new Date(day.getTime() - 1) },
      { ...call, actorId: one.actorId, sessionId: null, startedAt: day },
      { ...call, actorId: other.actorId, sessionId: other.id, startedAt: day },
    ]
    await db().modelCall.createMany({ data: rows })
    const quota = await chats.quotaOf(one.actorId)
    expect(quota.tokens).toEqual({ used: 1_000_000, limit: 2_000_000 })
    expect(Date.parse(quota.resetsAt)).toBe(day.getTime() + 86_400_000)
    await chats.checkQuota(one.actorId, one.id)
    await db().modelCall.createMany({ data: rows.slice(0, 1) })
    await expect(chats.checkQuota(one.actorId)).rejects.toMatchObject({
      ...{ code: 'TOO_MANY_REQUESTS', key: 'quotaTokens', values: { limit: 2_000_000 } },
      retryAfter: expect.any(Number),
    })
  })

  test('bounds conversations that are at work at once; those that rest or are closed leave room', async () => {
    const one = await someone()
    env().MAESTRO_CHAT_SESSIONS = 2
    try {
      const second = await chats.createChat(one.actorId, { requestId: randomUUID(), agentId: null })
      const third = () => chats.createChat(one.actorId, { requestId: randomUUID(), agentId: null })
      await expect(third()).rejects.toMatchObject({ key: 'quotaSessions', values: { limit: 2 } })
      // Whoever is at work already goes on.
      await chats.checkQuota(one.actorId, one.id)
      await chats.closeChat(one.actorId, second.id)
      await third()
      await expect(chats.checkQuota(one.actorId, second.id)).rejects.toMatchObject({ key: 'quotaSessions' })
      await expect(chats.reopenChat(one.actorId, second.id)).rejects.toMatchObject({ key: 'quotaSessions' })
    } finally {
      env().MAESTRO_CHAT_SESSIONS = 50
    }
  })
})
