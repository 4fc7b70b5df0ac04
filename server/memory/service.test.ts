import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Inngest } from 'inngest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentConfigSchema } from '@/server/agents/schema.ts'
import { agentContext, deleteAgent } from '@/server/agents/service.ts'
import { db } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { textPdf } from '@/server/testing/pdf.ts'
import { sealForPlatform } from '@/server/vault/service.ts'
import { makeMemoryFunctions } from './jobs.ts'
import { documentLimits } from './schema.ts'
import { addDocument, failReading, listDocuments, readDocument, removeDocument, searchDocuments } from './service.ts'

let database: TestDatabase
let owner: ActorId
let guest: ActorId
let stranger: ActorId
const folder = mkdtempSync(join(tmpdir(), 'memory-'))
const sent: string[] = []

const person = async () => asActor((await makeUser()).id)
async function makeAgent(sharing: 'ALL' | 'PRIVATE' = 'ALL'): Promise<string> {
  const id = randomUUID()
  const config = agentConfigSchema.parse({ model: 'claude-sonnet-5-5' })
  const sealed = (await sealForPlatform(agentContext(id), Buffer.from(JSON.stringify(config)))) as Buffer<ArrayBuffer>
  await db().agent.create({
    data: { id, ownerId: owner, requestId: id, name: 'A', status: 'ACTIVE', model: config.model, sharing, sealed },
  })
  return id
}
const file = (text: string | Uint8Array, name = 'notes.md', requestId = randomUUID()) => ({
  requestId,
  name,
  bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text,
})
async function add(agentId: string, text: string | Uint8Array, name?: string) {
  const { id } = await addDocument(owner, agentId, file(text, name))
  await readDocument(id)
  const document = (await listDocuments(owner, agentId)).find((one) => one.id === id)
  if (!document) throw new Error('it is gone')
  return document
}

beforeAll(async () => {
  database = await testDatabase()
  const inngest = new Inngest({
    id: 'test',
    isDev: true,
    fetch: async (_url, init) => {
      sent.push(String(init?.body))
      return Response.json({ ids: ['1'], status: 200 })
    },
  })
  register({ hub: await openPostgresHub(database.url), objects: fileObjectStore(folder), inngest })
  ;[owner, guest, stranger] = [await person(), await person(), await person()]
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const rooms = `# Meeting rooms

The blue room has a projector and seats twelve. Bookings are made at the reception desk.

# 회의실 안내

회의실을 예약하려면 접수처에 문의하세요. 프로젝터는 파란 방에만 있습니다.

# Parking

Visitors leave their cars behind the building. Accommodation for guests is two streets away.`
const code = `import { open } from './door'

export function openFrontDoor(user) {
  return open(user.keyCard)
}

function closeGarage() {
  return null
}`

test('words are found with their endings, in both languages, and with mistakes in them', async () => {
  const agentId = await makeAgent()
  expect(await add(agentId, rooms)).toMatchObject({ state: 'ready', mediaType: 'text/markdown', chunks: 1 })
  await add(agentId, `# Lunch\n\nThe canteen is open from eleven.\n\n# 점심\n\n구내식당은 열한 시에 엽니다.`, 'lunch.md')
  await add(agentId, code, 'door.ts')
  const first = async (query: string) => (await searchDocuments(guest, agentId, query))[0]?.name ?? null
  for (const query of [
    'booking a room',
    'who booked rooms',
    '회의실',
    '회의실에서',
    '회의실은 어디서 예약하나요?',
    'PROJECTOR',
    'acommodation',
    'recepton desk',
    'visitor',
  ])
    expect(await first(query), query).toBe('notes.md')
  for (const query of ['when does the canteen open', '구내식당', '구내 식당의 점심']) expect(await first(query), query).toBe('lunch.md')
  for (const query of ['openFrontDoor', 'front door', 'garage', 'keycard']) expect(await first(query), query).toBe('door.ts')
  for (const query of ['submarine', '잠수함', '???', 'qwzxv']) expect(await first(query), query).toBeNull()
  const [passage] = await searchDocuments(owner, agentId, '회의실')
  expect(passage).toMatchObject({ ordinal: 0, page: null, text: expect.stringContaining('회의실을 예약하려면') })
})

test('pages of a PDF are told, and what cannot be read says why', async () => {
  const agentId = await makeAgent()
  expect(await add(agentId, textPdf(['The first page', 'Submarine on the second page']), 'a.pdf')).toMatchObject({
    state: 'ready',
    chunks: 2,
  })
  expect((await searchDocuments(owner, agentId, 'submarines'))[0]).toMatchObject({ page: 2, name: 'a.pdf' })
  const faults: [string | Uint8Array, string][] = [
    ['%PDF-1.7 nothing of the kind', 'broken'],
    [textPdf(['']), 'noText'],
    [' \n ', 'noText'],
    ['x '.repeat(3_500_000), 'tooLong'],
  ]
  for (const [text, reason] of faults) expect(await add(agentId, text), reason).toMatchObject({ state: 'failed', reason, chunks: 0 })
  const korean = await add(agentId, Uint8Array.from([0xc8, 0xb8, 0xc0, 0xc7, 0xbd, 0xc7]), 'old.txt')
  expect(korean.state).toBe('ready')
  expect((await searchDocuments(owner, agentId, '회의실'))[0]?.text).toBe('회의실')
  for (const bytes of [new Uint8Array(), Uint8Array.from([1, 0, 2])])
    await expect(addDocument(owner, agentId, file(bytes))).rejects.toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
})

test('only its owner adds and removes; who may not use the agent learns nothing', async () => {
  const agentId = await makeAgent('PRIVATE')
  const { id } = await add(agentId, rooms, '../../evil\u202e.md')
  expect((await listDocuments(owner, agentId))[0]?.name).toBe('evil.md')
  const notFound = expect.objectContaining({ code: 'NOT_FOUND' })
  for (const work of [
    () => listDocuments(stranger, agentId),
    () => searchDocuments(stranger, agentId, 'room'),
    () => addDocument(stranger, agentId, file('x')),
    () => removeDocument(stranger, agentId, id),
    () => removeDocument(owner, agentId, randomUUID()),
  ])
    await expect(work()).rejects.toThrow(notFound)
  const shared = await makeAgent()
  await expect(addDocument(guest, shared, file('x'))).rejects.toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  await expect(removeDocument(guest, shared, id)).rejects.toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  await expect(removeDocument(owner, shared, id)).rejects.toThrow(notFound)
  const { objectKey } = await db().memoryDocument.findUniqueOrThrow({ where: { id } })
  await removeDocument(owner, agentId, id)
  expect(await registry('objects').get(objectKey)).toBeNull()
  expect(await searchDocuments(owner, agentId, 'room')).toEqual([])
})

test('the same request adds one document, a second reading leaves the same pieces, and nothing lies in the clear', async () => {
  const agentId = await makeAgent()
  const given = file(rooms)
  const [one, two] = await Promise.all([addDocument(owner, agentId, given), addDocument(owner, agentId, given)])
  expect(two?.id).toBe(one?.id)
  const id = one?.id ?? ''
  expect(await Promise.all([readDocument(id), readDocument(id)])).toContain('read')
  expect(await readDocument(id)).toBe('over')
  expect(await db().memoryChunk.count({ where: { documentId: id } })).toBe(1)
  await db().memoryDocument.update({ where: { id }, data: { state: 'READING' } })
  await readDocument(id)
  const { rows } = await registry('pool').query('SELECT c::text AS row FROM "MemoryChunk" c WHERE "documentId" = $1', [id])
  expect(rows).toHaveLength(1)
  expect(rows[0].row).not.toMatch(/meeting|room|회의|project/i)
  const { objectKey } = await db().memoryDocument.findUniqueOrThrow({ where: { id } })
  expect((await registry('objects').get(objectKey))?.includes('Meeting')).toBe(false)
  expect(sent.join()).toContain(id)
  expect(sent.join()).not.toMatch(/Meeting|notes/)
})

test('one person’s documents find so much room in all, told in words', async () => {
  const [one, two] = [await makeAgent(), await makeAgent()]
  const large = {
    requestId: randomUUID(),
    name: 'a',
    mediaType: 'text/plain',
    sha256: '',
    objectKey: randomUUID(),
    state: 'READY',
  } as const
  const used = (await db().memoryDocument.aggregate({ where: { agent: { ownerId: owner } }, _sum: { bytes: true } }))._sum.bytes ?? 0
  const { id } = await db().memoryDocument.create({ data: { ...large, agentId: one, bytes: documentLimits.personBytes - used - 15 } })
  const added = await Promise.allSettled([1, 2, 3].map(() => addDocument(owner, two, file('ten bytes.'))))
  expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  const refused = expect.objectContaining({ code: 'TOO_LARGE', key: 'documentsRoom', values: { mb: 1_024 } })
  for (const result of added) if (result.status === 'rejected') expect(result.reason).toEqual(refused)
  await db().memoryDocument.delete({ where: { id } })
})

test('an agent’s end takes its documents along; a reading that fails for good is told', async () => {
  const agentId = await makeAgent()
  const { id } = await addDocument(owner, agentId, file(rooms))
  await failReading(id)
  expect((await listDocuments(owner, agentId))[0]).toMatchObject({ state: 'failed', reason: 'internal' })
  await db().memoryDocument.update({ where: { id }, data: { state: 'READING' } })
  const { objectKey } = await db().memoryDocument.findUniqueOrThrow({ where: { id } })
  const act = { actorId: owner, email: 'a@b.test', address: null, userAgent: null, requestId: randomUUID() }
  await deleteAgent(act, owner, agentId)
  expect(await registry('objects').get(objectKey)).toBeNull()
  expect(await readDocument(id)).toBe('over')
  expect(makeMemoryFunctions(registry('inngest')).map((one) => one.id())).toEqual(['read-document'])
})

test('a server that ended before a document was stored: the same request stores it, and one that nobody sends again ends as failed', async () => {
  const [agentId, objects] = [await makeAgent(), registry('objects')]
  const [again, never] = [file('It can be found.'), file('It never came.')]
  const away = async () => {
    throw new Error('the store is away')
  }
  register({ objects: { ...objects, put: away } })
  try {
    for (const one of [again, never]) await expect(addDocument(owner, agentId, one)).rejects.toThrow('away')
  } finally {
    register({ objects })
  }
  const { id } = await addDocument(owner, agentId, again)
  for (const one of await listDocuments(owner, agentId)) await readDocument(one.id)
  const states = (await listDocuments(owner, agentId)).map((one) => [one.id === id, one.state, one.reason])
  expect(states.sort()).toEqual([
    [false, 'failed', 'gone'],
    [true, 'ready', null],
  ])
})
