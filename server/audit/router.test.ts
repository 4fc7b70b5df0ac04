import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { GET } from '@/app/api/audit/route.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { audited, systemAct } from './service.ts'

let database: TestDatabase
let cookie: string
let adminId: string
const ask = (query = '', headers: Record<string, string> = { cookie }) =>
  GET(new Request(`http://localhost:3000/api/audit${query}`, { headers }))

beforeAll(async () => {
  database = await testDatabase()
  register({ checks: {} })
  adminId = (await makeUser({ admin: true })).id
  cookie = await makeSession(adminId)
  for (let index = 0; index < 1_100; index++) {
    const target = { type: 'user', id: randomUUID(), label: index === 0 ? '=1+1,"x"' : `person ${index}` } as const
    await audited(systemAct('r'), { action: index % 2 ? 'user.approved' : 'user.suspended', target }, async () => undefined)
  }
})
afterAll(() => database.drop())

it('the export is a download of all entries that were asked for', async () => {
  const csv = await ask()
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"')
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = (await csv.text()).trimEnd().split('\r\n')
  expect(lines).toHaveLength(1_101)
  expect(lines.at(-1)).toContain(`"'=1+1,""x"""`)
  const some = await ask('?format=jsonl&action=user.approved&actor=&since=2020-01-01T00%3A00%3A00.000Z')
  const entries = (await some.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(entries).toHaveLength(550)
  expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(['user.approved']))
})

it('is refused to everybody else, and for filters that cannot be read', async () => {
  expect((await ask('', {})).status).toBe(401)
  const stranger = await makeSession((await makeUser()).id)
  const answer = await ask('', { cookie: stranger })
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ success: false, error_code: 'FORBIDDEN' })
  expect((await ask('?format=xlsx')).status).toBe(400)
  expect((await ask('?since=yesterday')).status).toBe(400)
  expect((await ask('?since=0000-01-01T00:00:00Z')).status).toBe(400)
  expect((await ask('?actor=%00')).status).toBe(400)
})

it('ends in the middle for an administrator who is dismissed meanwhile', async () => {
  const reader = (await ask('?format=jsonl')).body?.getReader()
  await reader?.read()
  await database.db.user.update({ where: { id: adminId }, data: { admin: false } })
  const rest = async () => {
    for (;;) if ((await reader?.read())?.done) return
  }
  await expect(rest()).rejects.toThrow('administrators')
})
