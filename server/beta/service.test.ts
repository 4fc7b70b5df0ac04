import { randomUUID } from 'node:crypto'
import { Inngest } from 'inngest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemAct } from '@/server/audit/service.ts'
import { env } from '@/server/core/env.ts'
import { type Act, actorFromId } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser } from '@/server/testing/factories.ts'
import type { ApplyInput } from './schema.ts'
import { applicationOf, apply, approveUser, decide, listApplications, standingOf } from './service.ts'

let database: TestDatabase
let events: { name: string; id: string; data: Record<string, unknown> }[] = []
let published: string[] = []
let executorAway = false

beforeAll(async () => {
  database = await testDatabase()
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    if (executorAway) return Response.json({ error: 'away' }, { status: 503 })
    events.push(...JSON.parse(String(init?.body)))
    return Response.json({ ids: ['1'], status: 200 })
  }
  const hub = { publish: (topic: string) => void published.push(topic), subscribe: () => () => undefined, close: async () => undefined }
  register({
    inngest: new Inngest({
      id: 'maestro',
      eventKey: 'test',
      isDev: false,
      fetch,
      logger: { info() {}, warn() {}, error() {}, debug() {} },
    }),
    hub,
  })
})
afterAll(() => database.drop())
beforeEach(async () => {
  events = []
  published = []
  executorAway = false
  env().BETA_OPEN = false
  await database.db.betaApplication.deleteMany()
})

const form: ApplyInput = { name: 'Jo Park', company: 'Acme', purpose: 'A rota for our volunteers.', teamSize: '2-5', consent: true }
const actorOf = async (id: string) => {
  const actor = await actorFromId(id)
  if (!actor) throw new Error(`there is no person ${id}`)
  return actor
}
const newcomer = async (over = {}) => actorOf((await makeUser({ approvedAt: null, onboardedAt: null, ...over })).id)
const adminAct = async (name = 'Ada Admin'): Promise<Act> => {
  const { id, email } = await makeUser({ admin: true, name })
  return { actorId: (await actorOf(id)).id, email, address: '192.0.2.1', userAgent: 'test', requestId: randomUUID() }
}
const applied = async (over: Partial<ApplyInput> = {}) => {
  const actor = await newcomer()
  await apply(actor, { ...form, ...over }, 'r')
  const { id } = await database.db.betaApplication.findFirstOrThrow({ where: { userId: actor.id } })
  return { actor, id }
}
const clockAt = (ms: number) => register({ clock: { ...registry('clock'), now: () => ms } })

describe('an application', () => {
  it('is stored with what was said, in the language of its reader, and told of once', async () => {
    const actor = await newcomer()
    const at = Date.now()
    const standing = await apply(actor, { ...form, locale: 'ko' }, 'r')
    expect(standing).toMatchObject({ state: 'open', position: 1, application: { name: 'Jo Park', company: 'Acme', teamSize: '2-5' } })
    const row = await database.db.betaApplication.findFirstOrThrow()
    expect(row).toMatchObject({ userId: actor.id, openFor: actor.id, locale: 'ko', status: 'OPEN', purpose: form.purpose })
    // What went through raw SQL is the same time as what goes through the client.
    expect(Math.abs(row.createdAt.getTime() - at)).toBeLessThan(60_000)
    expect(row.consentAt).toEqual(row.createdAt)
    expect(events.map(({ id, data }) => [id, data.applicationId])).toEqual([[`beta.applied:${row.id}`, row.id]])
  })

  it('is one, also where a thousand come at once: each gets the one that is stored', async () => {
    const actor = await newcomer()
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => apply(actor, { ...form, name: `Jo ${n}` }, 'r')))
    const rows = await database.db.betaApplication.findMany()
    expect(rows).toHaveLength(1)
    const ids = answers.map((answer) => (answer.state === 'open' ? answer.application.id : answer.state))
    expect(new Set(ids)).toEqual(new Set([rows[0]?.id]))
    expect(events).toHaveLength(1)
  })

  it('stands where nobody can be told of it just now', async () => {
    executorAway = true
    const actor = await newcomer()
    expect(await apply(actor, form, 'r')).toMatchObject({ state: 'open' })
  })

  it('has a place in the queue', async () => {
    await applied()
    const { actor } = await applied()
    expect(await standingOf(actor)).toMatchObject({ position: 2 })
  })

  it('is nothing for whoever is in already, and for administrators', async () => {
    const [member, admin] = [await actorOf((await makeUser()).id), await newcomer({ admin: true })]
    expect(await apply(member, form, 'r')).toEqual({ state: 'approved' })
    expect(await apply(admin, form, 'r')).toEqual({ state: 'approved' })
    expect(await database.db.betaApplication.count()).toBe(0)
  })

  it('of somebody who was let in meanwhile is not stored', async () => {
    const actor = await newcomer()
    await approveUser(await adminAct(), actor.id)
    expect(await apply(actor, form, 'r')).toEqual({ state: 'approved' })
    expect(await database.db.betaApplication.count()).toBe(0)
  })

  it('lets in at once where the beta is open, and still tells by mail', async () => {
    env().BETA_OPEN = true
    const actor = await newcomer()
    expect(await apply(actor, form, 'r')).toEqual({ state: 'approved' })
    expect((await actorOf(actor.id)).approved).toBe(true)
    expect(events.map(({ name }) => name)).toEqual(['beta.applied', 'beta.decided'])
    const { id } = await database.db.betaApplication.findFirstOrThrow()
    expect((await applicationOf(id)).decided).toMatchObject({ automatic: true, by: null })
    expect(await database.db.auditEntry.findFirst({ where: { targetId: id } })).toMatchObject({
      actorEmail: 'system',
      action: 'beta.approved',
    })
  })
})

describe('a decision', () => {
  it('lets in: at the next look, without another sign-in, written down and told', async () => {
    const { actor, id } = await applied()
    const act = await adminAct()
    expect(await decide(act, { ids: [id], decision: 'approve', message: 'Welcome' })).toEqual({ decided: [id], before: [], missing: [] })
    expect(await actorOf(actor.id)).toMatchObject({ approved: true, onboarded: false })
    expect(published).toContain(personTopic(actor.id))
    expect(events.at(-1)).toMatchObject({ id: `beta.decided:${id}`, data: { applicationId: id } })
    const entry = await database.db.auditEntry.findMany({ where: { targetId: id } })
    expect(entry).toMatchObject([{ action: 'beta.approved', actorId: act.actorId, address: '192.0.2.1', targetLabel: actor.email }])
  })

  it('turns away with a message, and another application is possible a week later, not before', async () => {
    const { actor, id } = await applied()
    await decide(await adminAct(), { ids: [id], decision: 'reject', message: 'Not yet' })
    expect(await actorOf(actor.id)).toMatchObject({ approved: false })
    expect(await standingOf(actor)).toMatchObject({ state: 'rejected', message: 'Not yet' })
    await expect(apply(actor, form, 'r')).rejects.toMatchObject({ code: 'CONFLICT', key: 'applyLater' })
    const clock = registry('clock')
    clockAt(Date.now() + 7 * 24 * 3_600_000 + 1_000)
    expect(await apply(actor, form, 'r')).toMatchObject({ state: 'open', position: 1 })
    register({ clock })
    expect(await database.db.betaApplication.count({ where: { userId: actor.id } })).toBe(2)
  })

  it('is one where two administrators decide at once: the second is told by whom', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => applied()))
    const ids = all.map(({ id }) => id)
    const [ada, bo] = [await adminAct('Ada'), await adminAct('Bo')]
    const [first, second] = await Promise.all([
      decide(ada, { ids, decision: 'approve' }),
      decide(bo, { ids: [...ids].reverse(), decision: 'reject' }),
    ])
    expect([...first.decided, ...second.decided].sort()).toEqual([...ids].sort())
    expect(first.before.every(({ by, status, mine }) => by === 'Bo' && status === 'REJECTED' && !mine)).toBe(true)
    expect(second.before.every(({ by, status, mine }) => by === 'Ada' && status === 'APPROVED' && !mine)).toBe(true)
    expect(first.before).toHaveLength(second.decided.length)
    expect(await database.db.auditEntry.count({ where: { targetId: { in: ids } } })).toBe(12)
    for (const { actor, id } of all) expect((await actorOf(actor.id)).approved).toBe(first.decided.includes(id))
    expect(events.filter(({ name }) => name === 'beta.decided')).toHaveLength(12)
  })

  it('repeated changes nothing, and says so', async () => {
    const { id } = await applied()
    const act = await adminAct()
    await decide(act, { ids: [id, id], decision: 'approve' })
    events = []
    expect(await decide(act, { ids: [id], decision: 'approve' })).toMatchObject({
      decided: [],
      before: [{ id, mine: true, by: 'Ada Admin' }],
    })
    expect(events).toEqual([])
    expect(await database.db.auditEntry.count({ where: { targetId: id } })).toBe(1)
  })

  it('about nobody says so, and one whose decider is gone names nobody', async () => {
    const gone = randomUUID()
    const act = await adminAct()
    expect(await decide(act, { ids: [gone], decision: 'approve' })).toEqual({ decided: [], before: [], missing: [gone] })
    const { id } = await applied()
    await decide(act, { ids: [id], decision: 'approve' })
    await database.db.user.delete({ where: { id: act.actorId ?? '' } })
    expect((await applicationOf(id)).decided).toMatchObject({ by: null, automatic: false })
    await database.db.betaApplication.update({ where: { id }, data: { decidedById: null } })
    expect((await applicationOf(id)).decided).toMatchObject({ by: null, automatic: false })
  })

  it('and an application at the same moment leave nobody who is in and waits', async () => {
    for (let round = 0; round < 10; round++) {
      const actor = await newcomer()
      await Promise.all([approveUser(systemAct('r'), actor.id), ...Array.from({ length: 5 }, () => apply(actor, form, 'r'))])
      const row = await database.db.betaApplication.findFirst({ where: { userId: actor.id } })
      expect(row?.status ?? 'APPROVED').toBe('APPROVED')
      expect((await actorOf(actor.id)).approved).toBe(true)
    }
  })
})

describe('the way past an application', () => {
  it('approves what waits, once', async () => {
    const { actor, id } = await applied()
    const act = await adminAct()
    await approveUser(act, actor.id)
    await approveUser(act, actor.id)
    expect(await standingOf(await actorOf(actor.id))).toEqual({ state: 'approved' })
    expect((await applicationOf(id)).decided).toMatchObject({ by: 'Ada Admin' })
    expect(await database.db.auditEntry.count({ where: { targetId: actor.id, action: 'user.approved' } })).toBe(1)
    await expect(approveUser(act, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the queue', () => {
  it('has the first who came first, is searched word for word, and paged without a gap', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `Person ${String(n).padStart(2, '0')}`)
    for (const name of names) await applied({ name, company: name.endsWith('07') ? '100%_sure' : 'Acme' })
    const first = await listApplications({ status: 'OPEN' })
    const second = await listApplications({ status: 'OPEN', cursor: first.next ?? '' })
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names)
    expect(second.next).toBeNull()
    expect(first.counts).toEqual({ OPEN: 60, APPROVED: 0, REJECTED: 0 })
    expect((await listApplications({ search: '100%_SURE' })).items.map(({ name }) => name)).toEqual(['Person 07'])
    expect((await listApplications({ search: '%' })).items).toHaveLength(1)
    expect((await listApplications({ search: 'nobody\\' })).items).toEqual([])
    expect((await listApplications({ status: 'REJECTED' })).items).toEqual([])
  })
})
