import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Act } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser } from '@/server/testing/factories.ts'
import type { AuditAction } from './schema.ts'
import { audited, auditedChange, exportEntries, listEntries, removeOldEntries, systemAct } from './service.ts'

let database: TestDatabase
const dayMs = 24 * 3600 * 1000
const act = (email = 'admin@maestro.localhost'): Act => ({
  ...{ actorId: null, email, address: '192.0.2.7', userAgent: 'a browser', requestId: randomUUID() },
})
const at = (time: number) => register({ clock: { ...clock, now: () => time } })
let clock: Parameters<typeof register>[0]['clock'] & object

beforeAll(async () => {
  database = await testDatabase()
  clock = (await import('@/server/core/clock.ts')).systemClock
})
afterAll(() => database.drop())
beforeEach(async () => {
  register({ clock })
  await database.db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL maestro.retention = 'on'`
    await tx.auditEntry.deleteMany()
  })
})

const write = (action: AuditAction, label: string, over: Partial<Act> = {}, id: string = randomUUID()) =>
  audited({ ...act(), ...over }, { action, target: { type: 'user', id, label } }, async () => undefined)
const labels = async (filter: Parameters<typeof listEntries>[0]) => (await listEntries(filter)).items.map(({ target }) => target.label)

describe('an act and its entry', () => {
  it('stand both', async () => {
    const user = await makeUser({ approvedAt: null })
    const by = act()
    const record = {
      action: 'user.approved',
      target: { type: 'user', id: user.id, label: user.email },
      details: { note: '한국어' },
    } as const
    await audited(by, record, (tx) => tx.user.update({ where: { id: user.id }, data: { approvedAt: new Date() } }))
    expect(await listEntries({ target: user.id, limit: 5 })).toMatchObject({
      next: null,
      items: [
        {
          ...{ action: 'user.approved', actor: { id: null, email: by.email }, target: record.target, details: record.details },
          ...{ address: '192.0.2.7', userAgent: 'a browser', requestId: by.requestId },
        },
      ],
    })
  })

  it('an act that fails leaves no entry', async () => {
    const user = await makeUser({ approvedAt: null })
    const failing = audited(act(), { action: 'user.approved', target: { type: 'user', id: user.id, label: 'x' } }, async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { approvedAt: new Date() } })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await database.db.user.findUnique({ where: { id: user.id } })).toMatchObject({ approvedAt: null })
    expect((await listEntries({ limit: 5 })).items).toEqual([])
  })

  it('an entry that cannot be stored undoes the act', async () => {
    const user = await makeUser({ approvedAt: null })
    const unstorable = { ...act(), requestId: 'a\0b' }
    const failing = audited(unstorable, { action: 'user.approved', target: { type: 'user', id: user.id, label: 'x' } }, (tx) =>
      tx.user.update({ where: { id: user.id }, data: { approvedAt: new Date() } }),
    )
    await expect(failing).rejects.toThrow()
    expect(await database.db.user.findUnique({ where: { id: user.id } })).toMatchObject({ approvedAt: null })
  })

  it('what changed nothing is not written down', async () => {
    const record = { action: 'user.approved', target: { type: 'user', id: 'u', label: 'x' } } as const
    expect(await auditedChange(act(), record, async () => false)).toBe(false)
    expect((await listEntries({ limit: 5 })).items).toEqual([])
    expect(await auditedChange(systemAct('r'), record, async () => true)).toBe(true)
    expect((await listEntries({ limit: 5 })).items).toMatchObject([{ actor: { id: null, email: 'system' } }])
  })
})

describe('the log', () => {
  it('is only ever added to', async () => {
    await write('user.approved', 'one')
    const refused = { message: expect.stringContaining('append-only') }
    await expect(database.pool.query('UPDATE "AuditEntry" SET action = $1', ['x'])).rejects.toMatchObject(refused)
    await expect(database.pool.query('DELETE FROM "AuditEntry"')).rejects.toMatchObject(refused)
    await expect(database.pool.query('TRUNCATE "AuditEntry"')).rejects.toMatchObject(refused)
    await expect(
      database.db.$transaction(async (tx) => {
        await tx.$executeRaw`SET LOCAL maestro.retention = 'on'`
        await tx.auditEntry.updateMany({ data: { action: 'x' } })
      }),
    ).rejects.toThrow('append-only')
    expect(await labels({ limit: 5 })).toEqual(['one'])
  })

  it('loses its old entries to retention alone, at the border of the day', async () => {
    const now = Date.UTC(2026, 5, 15)
    at(now - 10 * dayMs - 1)
    await write('user.approved', 'older')
    at(now - 10 * dayMs)
    await write('user.approved', 'old enough to stay')
    at(now)
    expect(await removeOldEntries(10)).toBe(1)
    expect(await removeOldEntries(10)).toBe(0)
    expect(await labels({ limit: 5 })).toEqual(['old enough to stay'])
    await expect(database.pool.query('DELETE FROM "AuditEntry"')).rejects.toThrow('append-only')
  })

  it('is found by what, who, whom and when', async () => {
    const [id, by] = [randomUUID(), randomUUID()]
    await write('user.approved', 'jo_100%@example.com', { email: 'Ada@example.com' }, id)
    await write('user.suspended', 'joX100@example.com', { email: 'bob@example.com', actorId: by as never })
    expect(await labels({ action: 'user.suspended', limit: 5 })).toEqual(['joX100@example.com'])
    expect(await labels({ actor: 'ada@', limit: 5 })).toEqual(['jo_100%@example.com'])
    expect(await labels({ actor: by, limit: 5 })).toEqual(['joX100@example.com'])
    expect(await labels({ target: 'O_100%', limit: 5 })).toEqual(['jo_100%@example.com'])
    expect(await labels({ target: id, limit: 5 })).toEqual(['jo_100%@example.com'])
    const soon = new Date(Date.now() + dayMs).toISOString()
    expect(await labels({ since: soon, limit: 5 })).toEqual([])
    expect(await labels({ until: soon, since: new Date(0).toISOString(), limit: 5 })).toHaveLength(2)
    expect(await labels({ until: new Date(0).toISOString(), limit: 5 })).toEqual([])
  })

  it('is paged without gaps and repetitions while it grows', async () => {
    const written = Array.from({ length: 23 }, (_, index) => `entry ${index}`)
    for (const label of written) await write('user.approved', label)
    const read: string[] = []
    let before: string | undefined
    do {
      const { items, next } = await listEntries({ before, limit: 5 })
      read.push(...items.map(({ target }) => target.label))
      before = next ?? undefined
      await write('user.restored', 'later')
    } while (before)
    expect(read).toEqual(written.reverse())
  })
})

async function exported(format: 'csv' | 'jsonl', limit?: number): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of exportEntries(format, (before) => listEntries({ before, limit: 4 }), limit)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('an export', () => {
  it('holds every entry, the newest first, as JSON lines or as CSV without formulas', async () => {
    for (let index = 0; index < 10; index++) await write('user.approved', index === 9 ? '=1+1' : `n${index}`)
    const lines = (await exported('jsonl')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).target.label)).toEqual(['=1+1', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0'])
    const csv = (await exported('csv')).trimEnd().split('\r\n')
    expect(csv).toHaveLength(11)
    expect(csv[1]).toContain(`"'=1+1"`)
  })

  it('is bounded', async () => {
    for (let index = 0; index < 10; index++) await write('user.approved', `n${index}`)
    expect((await exported('jsonl', 6)).trimEnd().split('\n')).toHaveLength(6)
  })
})
