import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as exportOne } from '@/app/api/ledger/[service]/route.ts'
import { GET as exportAll } from '@/app/api/ledger/route.ts'
import { callerFor } from '@/server/caller.ts'
import { actorFromId } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { ledgerInput } from './schema.ts'
import { ledgerCsv, removeOldCalls } from './service.ts'

let database: TestDatabase
const dayMs = 24 * 3_600_000
const noon = Date.UTC(2026, 3, 10, 12)
const secretPath = 'src/secret-plan.ts'

beforeAll(async () => {
  database = await testDatabase()
  register({ checks: {} })
})
afterAll(() => database.drop())

type CallRow = Partial<Prisma.ModelCallUncheckedCreateInput>
const send = (projectId: string, over: CallRow = {}) =>
  database.db.modelCall.create({
    data: { projectId, purpose: 'architect', model: 'claude-opus-5-5', demo: false, status: 200, startedAt: new Date(noon), ...over },
  })

async function world() {
  const owner = await makeUser({ name: 'Ada Kim' })
  const project = await makeProject({ ownerId: owner.id })
  const viewer = await makeUser({ name: 'Viewer' })
  await database.db.membership.create({ data: { userId: viewer.id, projectId: project.id, role: 'VIEWER' } })
  const as = async (id: string) => callerFor(await actorFromId(id))
  return { owner, project, viewer, service: project.slug, api: await as(viewer.id), as }
}

const detailed = {
  files: [{ path: secretPath, bytes: 12, sha256: 'a'.repeat(64) }],
  fileCount: 1,
  redactions: [{ rule: 'aws-access-key', count: 2 }],
  redactionCount: 2,
  withheld: ['.env'],
  withheldCount: 1,
  sha256: 'b'.repeat(64),
  keyId: 'key-of-the-ai-server',
} satisfies CallRow

describe('the ledger of a project', () => {
  it('says of each sending who asked, for what, and what left; its details name files, secrets’ rules and paths', async () => {
    const { api, service, project, owner } = await world()
    const build = await makeBuild(project.id)
    const tokens = { inputTokens: 100, cacheReadTokens: 20, cacheWriteTokens: 3, outputTokens: 40, costMicros: 1_234n }
    const sizes = { bytes: 500, sealedBytes: 300, waits: 1, durationMs: 900 }
    const of = { actorId: owner.id, buildId: build.id, buildNumber: build.number }
    const { id } = await send(project.id, { ...of, ...tokens, ...sizes, ...detailed })
    const { items, next } = await api.ai.ledger({ service })
    expect(next).toBeNull()
    expect(items).toEqual([
      {
        ...{ id, at: new Date(noon).toISOString(), service, person: { id: owner.id, name: 'Ada Kim' }, purpose: 'architect' },
        ...{ build: build.number, model: 'claude-opus-5-5', demo: false, outcome: 'ok', status: 200, failure: null },
        ...{ waits: 1, durationMs: 900, bytes: 500, sealedBytes: 300, files: 1, redactions: 2, withheld: 1 },
        ...{ inputTokens: 123, cacheReadTokens: 20, cacheWriteTokens: 3, outputTokens: 40, costMicros: 1_234, details: null },
      },
    ])
    const { files, redactions, withheld, sha256, keyId } = detailed
    expect(await api.ai.ledgerEntry({ service, id })).toEqual({
      ...items[0],
      details: { files, redactions, withheld, sha256, keyId, requestId: null },
    })
  })

  it('is nobody else’s', async () => {
    const mine = await world()
    const theirs = await world()
    const { id } = await send(theirs.project.id)
    await expect(mine.api.ai.ledger({ service: theirs.service })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(mine.api.ai.ledgerEntry({ service: mine.service, id })).rejects.toMatchObject({ cause: { key: 'noSending' } })
    await expect(mine.api.ai.ledgerAll({})).rejects.toMatchObject({ cause: { key: 'adminsOnly' } })
    expect(await mine.api.ai.ledger({ service: mine.service })).toEqual({ items: [], next: null })
    expect(await mine.api.ai.ledgerTotals({ service: mine.service })).toMatchObject({ calls: 0, costMicros: 0, days: [] })
    expect(await mine.api.ai.ledgerChoices({ service: mine.service })).toEqual({ purposes: [], models: [] })
    expect((await mine.api.ai.ledger({ service: mine.service, before: `${noon + 1}.${id}` })).items).toEqual([])
  })

  it('is found by every filter, and its sums are those of what was found', async () => {
    const { api, service, project, owner } = await world()
    const rows: Record<string, CallRow> = {
      old: { startedAt: new Date(noon - 40 * dayMs), bytes: 1 },
      qa: { purpose: 'qa-engineer', bytes: 2 },
      haiku: { model: 'claude-haiku-5-5', bytes: 4 },
      built: { buildNumber: 7, bytes: 8 },
      asked: { actorId: owner.id, bytes: 16 },
      open: { status: 0, bytes: 32 },
      broken: { status: 0, failure: 'interrupted', bytes: 64 },
      refused: { status: 529, bytes: 128 },
      replaced: { redactionCount: 2, bytes: 256 },
      left: { withheldCount: 3, bytes: 512 },
    }
    const names = new Map<string, string>()
    for (const [name, row] of Object.entries(rows)) names.set((await send(project.id, row)).id, name)
    const found = async (filter: Partial<Parameters<typeof api.ai.ledger>[0]>) => {
      const { items } = await api.ai.ledger({ service, ...filter })
      const totals = await api.ai.ledgerTotals({ service, ...filter })
      expect(totals).toMatchObject({ calls: items.length, bytes: items.reduce((sum, { bytes }) => sum + bytes, 0) })
      expect(totals.days.reduce((sum, { calls }) => sum + calls, 0)).toBe(items.length)
      return items.map(({ id }) => names.get(id)).sort()
    }
    expect(await found({})).toHaveLength(10)
    expect(await found({ until: new Date(noon).toISOString() })).toEqual(['old'])
    expect(await found({ since: new Date(noon).toISOString() })).toHaveLength(9)
    expect(await found({ purpose: 'qa-engineer' })).toEqual(['qa'])
    expect(await found({ model: 'claude-haiku-5-5' })).toEqual(['haiku'])
    expect(await found({ build: 7 })).toEqual(['built'])
    expect(await found({ person: 'ada k' })).toEqual(['asked'])
    expect(await found({ person: owner.email.toUpperCase() })).toEqual(['asked'])
    expect(await found({ person: owner.id })).toEqual(['asked'])
    expect(await found({ person: '%' })).toEqual([])
    expect(await found({ outcome: 'open' })).toEqual(['open'])
    expect(await found({ outcome: 'failed' })).toEqual(['broken', 'refused'])
    expect(await found({ outcome: 'ok' })).toHaveLength(7)
    expect(await found({ found: 'redactions' })).toEqual(['replaced'])
    expect(await found({ found: 'withheld' })).toEqual(['left'])
    expect(await found({ purpose: 'architect', outcome: 'ok', found: 'withheld' })).toEqual(['left'])
    expect(await api.ai.ledgerTotals({ service })).toMatchObject({ open: 1, failed: 2, redactions: 2, withheld: 3 })
    expect(await api.ai.ledgerChoices({ service })).toEqual({
      purposes: ['architect', 'qa-engineer'],
      models: ['claude-haiku-5-5', 'claude-opus-5-5'],
    })
  })

  it('tells what Claude cost from what the demo model would have, day by day', async () => {
    const { api, service, project } = await world()
    await send(project.id, { costMicros: 5n, bytes: 1 })
    await send(project.id, { costMicros: 7n, bytes: 1, demo: true })
    await send(project.id, { costMicros: 11n, bytes: 3, startedAt: new Date(noon - dayMs) })
    const totals = await api.ai.ledgerTotals({ service })
    expect(totals).toMatchObject({ costMicros: 16, demoMicros: 7 })
    expect(totals.days).toEqual([
      { day: '2026-04-09', calls: 1, bytes: 3, costMicros: 11, demoMicros: 0 },
      { day: '2026-04-10', calls: 2, bytes: 2, costMicros: 5, demoMicros: 7 },
    ])
  })

  it('is paged without gaps and repetitions while it grows, also where many left in one moment', async () => {
    const { api, service, project } = await world()
    const sent = new Set<string>()
    for (let index = 0; index < 23; index++) sent.add((await send(project.id, { startedAt: new Date(noon + Math.floor(index / 5)) })).id)
    const read: string[] = []
    let before: string | undefined
    do {
      const page = await api.ai.ledger({ service, before, limit: 4 })
      read.push(...page.items.map(({ id }) => id))
      before = page.next ?? undefined
      await send(project.id, { startedAt: new Date(noon + 1_000) })
    } while (before)
    expect(read).toHaveLength(23)
    expect(new Set(read)).toEqual(sent)
  })

  it('refuses cursors and times that the database could not read', () => {
    const refused = [{ before: 'x' }, { before: `${'9'.repeat(15)}.${randomUUID()}` }, { since: '0000-01-01T00:00:00Z' }, { person: '\0' }]
    for (const input of [...refused, { limit: 1_000 }, { build: 0 }]) expect(ledgerInput.safeParse(input).success).toBe(false)
    expect(ledgerInput.safeParse({ before: `${'9'.repeat(14)}.${randomUUID()}` }).success).toBe(true)
  })

  it('stands where a row’s lists cannot be read', async () => {
    const { api, service, project } = await world()
    const { id } = await send(project.id, { files: 'not a list', redactions: [{ rule: 1 }], withheld: { a: 1 } })
    expect(await api.ai.ledgerEntry({ service, id })).toMatchObject({ details: { files: [], redactions: [], withheld: [] } })
  })
})

describe('the ledger of all projects', () => {
  it('gives administrators figures, and names of files of their own projects only', async () => {
    const { project, service, owner, as } = await world()
    const admin = await makeUser({ admin: true })
    const own = await makeProject({ ownerId: admin.id })
    const { id } = await send(project.id, { ...detailed, actorId: owner.id })
    const mine = await send(own.id, detailed)
    const api = await as(admin.id)
    const page = await api.ai.ledgerAll({ service, detail: 'all' })
    expect(page.items).toMatchObject([
      { id, files: 1, withheld: 1, person: { name: owner.email }, details: { files: null, withheld: null } },
    ])
    expect(JSON.stringify([page, await api.ai.ledgerAllEntry({ id })])).not.toContain(secretPath)
    expect((await api.ai.ledgerAllEntry({ id })).details).toMatchObject({ redactions: detailed.redactions, sha256: detailed.sha256 })
    expect((await api.ai.ledgerAllEntry({ id: mine.id })).details).toMatchObject({ files: detailed.files, withheld: ['.env'] })
    expect(await api.ai.ledgerAllTotals({ service })).toMatchObject({ calls: 1, files: 1 })
    expect((await api.ai.ledgerAll({})).items.length).toBeGreaterThan(1)
    expect((await api.ai.ledgerAllChoices()).purposes).toContain('architect')
  })
})

describe('the file', () => {
  const file = async (service: string, cookie: string, query = '') =>
    exportOne(new Request(`http://localhost:3000/api/ledger/${service}${query}`, { headers: { cookie } }), {
      params: Promise.resolve({ service }),
    })

  it('holds what the filter finds, with no formula in it', async () => {
    const { project, service, viewer } = await world()
    const cookie = await makeSession(viewer.id)
    const evil = [{ path: '=1+1","x', bytes: 1, sha256: 'c' }]
    for (let index = 0; index < 205; index++) await send(project.id, { purpose: index === 0 ? '=HYPERLINK("x")' : 'architect' })
    await send(project.id, { purpose: 'qa', model: '@SUM(A1)', files: evil, fileCount: 1, status: 0, failure: '-2+3' })
    const all = await file(service, cookie)
    expect(all.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(all.headers.get('content-disposition')).toContain(`${service}-ledger.csv`)
    const lines = (await all.text()).trimEnd().split('\r\n')
    expect(lines).toHaveLength(207)
    expect(lines.filter((line) => line.includes(`,"'=HYPERLINK(""x"")",`))).toHaveLength(1)
    const some = (await (await file(service, cookie, '?purpose=qa&outcome=&since=')).text()).trimEnd().split('\r\n')
    expect(some).toHaveLength(2)
    expect(some[1]).toContain(`"'@SUM(A1)",false,failed,0,"'-2+3"`)
    expect(some[1]).toContain(`"[{""path"":""=1+1\\"",\\""x"",`)
    expect((await file(service, cookie, '?outcome=maybe')).status).toBe(400)
  })

  it('is for members, and for administrators without names', async () => {
    const { project, service } = await world()
    await send(project.id, detailed)
    const stranger = await makeSession((await makeUser()).id)
    expect((await file(service, stranger)).status).toBe(404)
    expect((await file(service, '')).status).toBe(401)
    const all = (cookie: string) => exportAll(new Request(`http://localhost:3000/api/ledger?service=${service}`, { headers: { cookie } }))
    expect((await all(stranger)).status).toBe(403)
    const csv = await (await all(await makeSession((await makeUser({ admin: true })).id))).text()
    expect(csv).toContain(service)
    expect(csv).toContain('aws-access-key')
    expect(csv).not.toContain(secretPath)
    expect(csv).not.toContain('.env')
  })

  it('is bounded, and ends in the middle for who is shut out meanwhile', async () => {
    const { api, project, service, viewer } = await world()
    for (let index = 0; index < 10; index++) await send(project.id)
    const text = await new Response(await ledgerCsv((before) => api.ai.ledger({ service, before, limit: 4 }), 6)).text()
    expect(text.trimEnd().split('\r\n')).toHaveLength(7)
    const reader = (await ledgerCsv((before) => api.ai.ledger({ service, before, limit: 4 }))).getReader()
    await reader.read()
    await database.db.membership.deleteMany({ where: { userId: viewer.id } })
    const rest = async () => {
      for (;;) if ((await reader.read()).done) return
    }
    await expect(rest()).rejects.toThrow('not a member')
  })
})

it('old rows go, but never those that the budget of a build counts that goes on', async () => {
  const { project } = await world()
  const running = await makeBuild(project.id, { status: 'RUNNING' })
  const done = await makeBuild(project.id, { status: 'SUCCESS' })
  const old = new Date(Date.now() - 10 * dayMs - 60_000)
  const gone = [
    await send(project.id, { startedAt: old }),
    await send(project.id, { startedAt: old, buildId: done.id }),
    await send(project.id, { startedAt: old, buildId: randomUUID() }),
  ]
  const kept = [
    await send(project.id, { startedAt: old, buildId: running.id }),
    await send(project.id, { startedAt: new Date(Date.now() - 10 * dayMs + 60_000) }),
  ]
  await removeOldCalls(10)
  expect(await removeOldCalls(10)).toBe(0)
  const left = await database.db.modelCall.findMany({ where: { projectId: project.id }, select: { id: true } })
  expect(new Set(left.map(({ id }) => id))).toEqual(new Set(kept.map(({ id }) => id)))
  expect(gone.some(({ id }) => left.some((one) => one.id === id))).toBe(false)
})
