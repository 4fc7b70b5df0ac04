import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminEmails } from '@/server/core/env.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser } from '@/server/testing/factories.ts'
import { listPeopleInput, peopleFilters, peopleSorts } from '../schema.ts'
import { listPeople, peopleCounts } from './list.ts'
import { peopleSql } from './sql.ts'

let database: TestDatabase
const many = 10_000
type Input = Parameters<typeof listPeopleInput.parse>[0]
const list = (input: Input & object = {}) => listPeople(listPeopleInput.parse(input))

async function everybody(input: object, between: () => Promise<unknown> = async () => undefined) {
  const [ids, pages] = [[] as string[], { count: 0 }]
  let cursor: string | undefined
  do {
    const { items, next } = await list({ ...input, ...(cursor && { cursor }) })
    ids.push(...items.map(({ id }) => id))
    cursor = next ?? undefined
    pages.count++
    await between()
  } while (cursor)
  return { ids, pages: pages.count }
}

beforeAll(async () => {
  database = await testDatabase()
  // Many of them came in the same moment, some never signed in: what a cursor by time alone would lose.
  const day = Date.UTC(2026, 0, 1)
  await database.db.user.createMany({
    data: Array.from({ length: many }, (_, index) => ({
      email: `person-${String(index).padStart(5, '0')}@example.com`,
      name: index % 100 === 7 ? `김하늘 ${index}` : `Person ${index}`,
      createdAt: new Date(day + Math.floor(index / 30) * 1000),
      lastLoginAt: index % 3 === 0 ? null : new Date(day + Math.floor(index / 50) * 1000),
      approvedAt: index % 2 === 0 ? new Date(day) : null,
      suspendedAt: index % 10 === 0 ? new Date(day) : null,
      admin: index % 1000 === 1,
    })),
  })
  await database.db.user.create({ data: { email: 'admin@maestro.localhost', emailVerified: new Date(), name: 'Boss' } })
  await database.pool.query('ANALYZE "User"')
})
afterAll(() => database.drop())

describe('the list of 10,000 people', () => {
  it.each(peopleSorts)('sorted by %s shows everybody once, page by page', async (sort) => {
    const { ids } = await everybody({ sort, limit: 200 })
    expect(ids).toHaveLength(many + 1)
    expect(new Set(ids).size).toBe(many + 1)
  })

  it('stays right while people come', async () => {
    const before = (await everybody({ limit: 200, search: 'example.com' })).ids
    const during = (await everybody({ limit: 200, search: 'example.com' }, () => makeUser({ email: `${randomUUID()}@example.com` }))).ids
    expect(during).toEqual(before)
    await database.db.user.deleteMany({ where: { name: 'A Person' } })
  })

  it('is in the order that was asked for', async () => {
    const emails = async (sort: string) => (await list({ sort, limit: 2 })).items.map(({ email }) => email)
    expect(await emails('email')).toEqual(['admin@maestro.localhost', 'person-00000@example.com'])
    expect((await list({ sort: 'oldest', limit: 40 })).items.every(({ createdAt }) => createdAt.startsWith('2026-01-01T00:00:0'))).toBe(
      true,
    )
    const seen = (await everybody({ sort: 'signedIn', limit: 200 })).ids
    const rows = new Map(
      (await database.db.user.findMany({ select: { id: true, lastLoginAt: true } })).map((row) => [row.id, row.lastLoginAt]),
    )
    const times = seen.map((id) => rows.get(id)?.getTime() ?? Number.NEGATIVE_INFINITY)
    expect(times).toEqual([...times].sort((a, b) => (a === b ? 0 : b - a)))
  })

  it('filters by state, and the counts agree', async () => {
    const counts = await peopleCounts()
    for (const filter of peopleFilters) expect((await everybody({ filter, limit: 200 })).ids, filter).toHaveLength(counts[filter])
    expect(counts).toEqual({ all: many + 1, suspended: 1_000, admins: 11, approved: 4_000 + 10 + 1, waiting: 5_000 - 10 })
    const [boss] = (await list({ filter: 'admins', sort: 'email' })).items
    expect(boss).toMatchObject({ email: 'admin@maestro.localhost', admin: 'listed', state: 'approved', lastLoginAt: null })
  })

  it('is searched by every word, in any case and letter by letter', async () => {
    expect((await list({ search: 'PERSON 00042@' })).items.map(({ email }) => email)).toEqual(['person-00042@example.com'])
    expect((await everybody({ search: '김하늘' })).ids).toHaveLength(100)
    expect((await list({ search: 'person_00042' })).items).toEqual([])
    expect((await list({ search: '%' })).items).toEqual([])
    expect((await list({ search: "'; DROP TABLE" })).items).toEqual([])
    expect(() => listPeopleInput.parse({ search: 'a\0b' })).toThrow()
  })

  it('finds people by the name they chose, and counts their projects', async () => {
    const jo = await makeUser({ displayName: 'Joanna Chosen', email: 'jo@example.org' })
    await makeProject({ ownerId: jo.id })
    expect((await list({ search: 'chosen' })).items).toMatchObject([{ id: jo.id, name: 'Joanna Chosen', projects: 1 }])
    await database.db.user.delete({ where: { id: jo.id } })
  })

  it('refuses what is no cursor of this order', async () => {
    const { next } = await list({ sort: 'email', limit: 1 })
    for (const cursor of ['x', '', Buffer.from('[null,"x"]').toString('base64url'), next ?? ''])
      await expect(list({ sort: 'newest', cursor }), cursor).rejects.toMatchObject({ code: 'BAD_REQUEST', key: 'badCursor' })
  })

  it('refuses what the database could not compare', async () => {
    const at = (value: string) => Buffer.from(JSON.stringify([value, randomUUID()])).toString('base64url')
    await expect(list({ sort: 'newest', cursor: at('0000-01-01T00:00:00Z') })).rejects.toMatchObject({ key: 'badCursor' })
    await expect(list({ sort: 'email', cursor: at('a\0b') })).rejects.toMatchObject({ key: 'badCursor' })
  })
})

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

describe('the statement of a page', () => {
  it.each([...peopleSorts, 'neverSignedIn'] as const)('walks an index when sorted by %s, wherever the page begins', async (order) => {
    const value = order === 'email' ? 'person-05000@example.com' : '2026-01-01T00:02:00.000Z'
    for (const after of [null, { value: order === 'neverSignedIn' ? null : value, id: randomUUID() }]) {
      const { text, values } = peopleSql({ filter: 'all', order, words: [], after, take: 51 }, adminEmails())
      const { rows } = await database.pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values)
      const used = nodes(rows[0]['QUERY PLAN'][0].Plan)
      const people = used.filter((node) => node['Relation Name'] === 'User')
      expect(used.map((node) => node['Node Type'])).not.toContain('Sort')
      expect(people.map((node) => node['Node Type'])).toEqual(['Index Scan'])
      expect((people[0]?.['Actual Rows'] ?? 0) + (people[0]?.['Rows Removed by Filter'] ?? 0)).toBeLessThan(200)
    }
  })
})
