import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GET } from '@/app/api/feedback/[id]/screenshot/route.ts'
import { serverCaller } from '@/server/caller.ts'
import { register } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { pictureType } from './rules.ts'
import { feedbackLimits } from './schema.ts'
import { feedbackOf, forgetFeedbackOf, sweepFeedback } from './service.ts'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'maestro-feedback-'))
  register({ objects: fileObjectStore(folder), ...testKeys() })
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await database?.drop()
})

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(2_000)])
const base64 = (bytes: Buffer) => bytes.toString('base64')
const api = async (userId?: string) =>
  serverCaller(new Headers({ 'user-agent': 'A browser', ...(userId ? { cookie: await makeSession(userId) } : {}) }))
const admin = async () => (await makeUser({ admin: true })).id
const words = (over: object = {}) => ({ requestId: randomUUID(), text: 'It is slow', page: '/dashboard', ...over })
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { cause?: unknown }) => error.cause ?? error,
  )
const pictures = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())

test('anybody may say something, once a request, and administrators read it', async () => {
  const given = words({ text: '  <b>hi</b>\0\ud800 ', page: '/sign-in?token=secret#more' })
  const ends = await Promise.all(Array.from({ length: 8 }, async () => (await api()).feedback.send(given)))
  expect(new Set(ends.map(({ id }) => id)).size).toBe(1)
  const { items } = await (await api(await admin())).feedback.list({})
  expect(items.filter(({ id }) => id === ends[0]?.id)).toEqual([
    expect.objectContaining({
      text: '<b>hi</b>\ufffd',
      page: '/sign-in',
      email: null,
      userAgent: 'A browser',
      screenshot: null,
      status: 'OPEN',
    }),
  ])
})

test('an invitation’s secret stands in its address, and stays out of what is kept', async () => {
  const { id } = await (await api()).feedback.send(words({ page: `/invitations/inv_${'x'.repeat(43)}` }))
  expect((await database.db.feedback.findUniqueOrThrow({ where: { id } })).page).toBe('/invitations/…')
})

test('a picture is kept sealed, and given to administrators alone', async () => {
  const user = await makeUser()
  const { id } = await (await api(user.id)).feedback.send(words({ screenshot: base64(png) }))
  const [file, ...more] = await pictures()
  expect(more).toEqual([])
  const stored = await readFile(join(file?.parentPath ?? '', file?.name ?? ''))
  expect(stored.includes(png.subarray(0, 32))).toBe(false)
  const get = async (cookie?: string) =>
    GET(new Request('http://localhost:3000/', cookie ? { headers: { cookie } } : {}), { params: Promise.resolve({ id }) })
  const answer = await get(await makeSession(await admin()))
  expect(Buffer.from(await answer.arrayBuffer()).equals(png)).toBe(true)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining('sandbox'),
    'content-disposition': `attachment; filename="feedback-${id}.png"`,
  })
  expect((await get()).status).toBe(401)
  expect((await get(await makeSession(user.id))).status).toBe(403)
  const { items } = await (await api(await admin())).feedback.list({})
  expect(items[0]).toMatchObject({ id, email: user.email, screenshot: 'image/png' })
})

test('pictures are of people whom we know, of three kinds, and not too large', async () => {
  const before = (await pictures()).length
  const user = await makeUser()
  const send = async (screenshot: string) => refusal((await api(user.id)).feedback.send(words({ screenshot })))
  expect(await refusal((await api()).feedback.send(words({ screenshot: base64(png) })))).toMatchObject({ code: 'UNAUTHENTICATED' })
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
  for (const bytes of [svg, '<!doctype html><script>alert(1)</script>', 'GIF89a', '', `data:image/png;base64,${base64(png)}`])
    if (bytes) expect(await send(base64(Buffer.from(bytes)))).toMatchObject({ code: 'BAD_REQUEST', key: 'noPicture' })
  expect(await send('%%%')).toMatchObject({ code: 'BAD_REQUEST' })
  const large = Buffer.concat([png, Buffer.alloc(feedbackLimits.screenshotBytes - png.length + 1)])
  expect(await send(base64(large))).toMatchObject({ code: 'TOO_LARGE', field: 'screenshot' })
  expect(await send(base64(Buffer.concat([png, Buffer.alloc(3 * 1024 * 1024)])))).toMatchObject({ name: 'ZodError' })
  expect(await send(base64(large.subarray(0, -1)))).toBe('nothing was refused')
  expect((await pictures()).length).toBe(before + 1)
})

test('a suspended person’s picture is refused', async () => {
  const { id } = await makeUser({ suspendedAt: new Date() })
  expect(await refusal((await api(id)).feedback.send(words({ screenshot: base64(png) })))).toMatchObject({ code: 'FORBIDDEN' })
})

test.each([
  { text: '' },
  { text: ' \n ' },
  { text: 'x'.repeat(4_001) },
  { page: 'https://evil.example.com/' },
  { page: '//evil.example.com/' },
  { page: 'javascript:alert(1)' },
  { requestId: 'x' },
])('%j is refused', async (over) => {
  expect(await refusal((await api()).feedback.send(words(over)))).toMatchObject({ name: 'ZodError' })
})

test('nobody sends without end', async () => {
  const user = await makeUser()
  const caller = await api(user.id)
  for (let at = 0; at < 10; at++) await caller.feedback.send(words())
  expect(await refusal(caller.feedback.send(words()))).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfter: expect.any(Number) })
})

test('settling is written down once for each entry, however often it is done', async () => {
  const person = await api((await makeUser()).id)
  const ids = [(await person.feedback.send(words())).id, (await person.feedback.send(words({ page: '/settings' }))).id]
  const caller = await api(await admin())
  const before = await caller.feedback.counts()
  const ends = await Promise.all([...Array(4)].map(() => caller.feedback.settle({ ids: [...ids, randomUUID()] })))
  expect(ends.reduce((sum, { settled }) => sum + settled, 0)).toBe(2)
  const after = await caller.feedback.counts()
  expect([after.open, after.done]).toEqual([before.open - 2, before.done + 2])
  const entries = await database.db.auditEntry.findMany({ where: { action: 'feedback.settled', targetId: { in: ids } } })
  expect(entries.map(({ targetLabel }) => targetLabel).sort()).toEqual(['/dashboard', '/settings'])
  expect((await caller.feedback.list({ status: 'DONE' })).items.map(({ id }) => id).sort()).toEqual(ids.sort())
})

test('the list has pages that neither repeat nor leave out', async () => {
  await database.db.feedback.createMany({
    data: Array.from({ length: 70 }, (_, at) => ({ requestId: randomUUID(), text: `text ${at}`, page: '/', createdAt: new Date() })),
  })
  const caller = await api(await admin())
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await caller.feedback.list({ cursor })
    seen.push(...items.map(({ id }) => id))
    cursor = next ?? undefined
  } while (cursor)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.length).toBe(await database.db.feedback.count())
})

test('what was settled long ago goes with its picture; what is open stays', async () => {
  const person = await api((await makeUser()).id)
  const old = (await person.feedback.send(words({ screenshot: base64(png) }))).id
  const open = (await person.feedback.send(words())).id
  const createdAt = new Date(Date.now() - 366 * 86_400_000)
  await database.db.feedback.update({ where: { id: old }, data: { status: 'DONE', createdAt } })
  await database.db.feedback.update({ where: { id: open }, data: { createdAt } })
  const before = (await pictures()).length
  await sweepFeedback()
  expect((await pictures()).length).toBe(before - 1)
  expect(await database.db.feedback.findMany({ where: { id: { in: [old, open] } }, select: { id: true } })).toEqual([{ id: open }])
})

test('whose account ends is forgotten; their words stay', async () => {
  const user = await makeUser()
  const { id } = await (await api(user.id)).feedback.send(words({ screenshot: base64(png) }))
  const actorId = await asActor(user.id)
  expect(await feedbackOf(actorId)).toEqual([expect.objectContaining({ id, text: 'It is slow' })])
  const before = (await pictures()).length
  await forgetFeedbackOf(database.db, actorId)
  expect((await pictures()).length).toBe(before - 1)
  expect(await feedbackOf(actorId)).toEqual([])
  const { items } = await (await api(await admin())).feedback.list({})
  expect(items.find((item) => item.id === id)).toMatchObject({ text: 'It is slow', email: null, userAgent: null, screenshot: null })
})

test('kinds of pictures are known by their bytes', () => {
  expect(pictureType(png)).toBe('image/png')
  expect(pictureType(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg')
  expect(pictureType(Buffer.from('RIFF\0\0\0\0WEBPVP8 '))).toBe('image/webp')
  for (const bytes of [Buffer.alloc(0), Buffer.from('RIFF\0\0\0\0WAVE'), png.subarray(0, 7)]) expect(pictureType(bytes)).toBeNull()
})
