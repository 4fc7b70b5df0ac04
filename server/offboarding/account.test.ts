import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { suspend } from '@/server/administration/service.ts'
import { buildView } from '@/server/builds/service.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import { callerOf } from '@/server/core/gates.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { register } from '@/server/core/registry.ts'
import { createCallerFactory, router } from '@/server/core/trpc.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { membersOf, removeMember } from '@/server/members/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeSession, makeUser, unique } from '@/server/testing/factories.ts'
import { offboardingRouter } from './router.ts'
import type { Answer } from './schema.ts'

let database: TestDatabase
const publish = vi.fn()
const asked: unknown[] = []
const removed: string[] = []
const objects = { put: async () => undefined, get: async () => null, delete: async (key: string) => void removed.push(key) }

beforeAll(async () => {
  database = await testDatabase()
  const inngest = makeInngest(parseEnv({}), silent)
  connectInngest(inngest, async (_url, init) => {
    asked.push(...[JSON.parse(String(init.body))].flat())
    return Response.json({ ids: ['1'], status: 200 })
  })
  register({ hub: { publish, subscribe: () => () => undefined, close: async () => undefined }, inngest, objects })
})
afterAll(() => database.drop())
beforeEach(() => {
  publish.mockClear()
  asked.length = 0
  removed.length = 0
  register({ objects })
})

const callers = createCallerFactory(router({ offboarding: offboardingRouter }))
async function person(over: Parameters<typeof makeUser>[0] = {}) {
  const user = await makeUser(over)
  const cookie = await makeSession(user.id)
  const caller = await callerOf(new Headers({ cookie }))
  const { offboarding } = callers({ caller, address: '192.0.2.9', userAgent: 'test', requestId: randomUUID() })
  const leave = (projects: Answer[] = [], confirm = user.email) => offboarding.deleteAccount({ confirm, projects })
  return { user, cookie, leave, preview: offboarding.preview }
}
const join = (projectId: string, userId: string, role: 'OWNER' | 'MAINTAINER' | 'VIEWER') =>
  database.db.membership.create({ data: { projectId, userId, role } })
const exists = async (id: string) => (await database.db.user.count({ where: { id } })) === 1
const roles = async (projectId: string) =>
  Object.fromEntries((await database.db.membership.findMany({ where: { projectId } })).map(({ userId, role }) => [userId, role]))

describe('what has to be decided', () => {
  it('is told for projects of one’s own alone, with who could own each', async () => {
    const [me, heir, idle] = [await person(), await person({ displayName: 'Heir' }), await person({ suspendedAt: new Date() })]
    const [alone, shared, others] = [
      await makeProject({ ownerId: me.user.id }),
      await makeProject({ ownerId: me.user.id }),
      await makeProject(),
    ]
    await join(alone.id, heir.user.id, 'VIEWER')
    await join(alone.id, idle.user.id, 'MAINTAINER')
    await join(shared.id, heir.user.id, 'OWNER')
    await join(others.id, me.user.id, 'MAINTAINER')
    // One that is given up is nobody's any more; the factory cannot open it either.
    await makeProject({ ownerId: me.user.id, deletedAt: new Date() }).catch(() => undefined)
    const { email, lastAdministrator, projects, left } = await me.preview()
    expect({ email, lastAdministrator }).toEqual({ email: me.user.email, lastAdministrator: false })
    expect(projects).toEqual([
      { service: alone.slug, title: alone.title, heirs: [{ userId: heir.user.id, name: 'Heir', email: heir.user.email, role: 'VIEWER' }] },
    ])
    expect(left.map(({ service }) => service).sort()).toEqual([shared.slug, others.slug].sort())
  })
})

describe('the documents of agents', () => {
  it('go with their owner, their bytes, too', async () => {
    const me = await person()
    const id = randomUUID()
    const agent = { id, ownerId: me.user.id, requestId: id, name: 'A', model: 'claude-sonnet-5-5', sealed: Buffer.from('x') }
    await database.db.agent.create({ data: agent })
    const file = { agentId: id, requestId: id, name: 'a.txt', mediaType: 'text/plain', bytes: 1, sha256: '', objectKey: `memory/${id}/a` }
    await database.db.memoryDocument.create({ data: file })
    await me.leave()
    expect(await database.db.memoryDocument.count({ where: { agentId: id } })).toBe(0)
    expect(removed).toContain(file.objectKey)
  })
})

describe('an account is not deleted', () => {
  it('without its own address typed', async () => {
    const [me, other] = [await person(), await person()]
    for (const typed of ['', 'yes', other.user.email])
      await expect(me.leave([], typed)).rejects.toMatchObject({ code: 'BAD_REQUEST', cause: { field: 'confirm', key: 'confirmEmail' } })
    expect(await exists(me.user.id)).toBe(true)
  })

  it('while a project is not answered for, is answered for wrongly, or is another’s; nothing is changed then', async () => {
    const [me, member, stranger, idle] = [await person(), await person(), await person(), await person({ suspendedAt: new Date() })]
    const [one, two] = [await makeProject({ ownerId: me.user.id }), await makeProject({ ownerId: me.user.id })]
    const others = await makeProject()
    await join(others.id, me.user.id, 'MAINTAINER')
    for (const userId of [member.user.id, idle.user.id]) await join(one.id, userId, 'VIEWER')
    const remove = (service: string): Answer => ({ service, action: 'delete' })
    const give = (service: string, to: string): Answer => ({ service, action: 'transfer', to })
    const refused = (key: string, service: string) => ({
      code: 'CONFLICT',
      message: expect.stringContaining(service),
      cause: { key, field: `projects.${service}`, values: { service } },
    })
    const right = give(one.slug, member.user.id)
    await expect(me.leave([right])).rejects.toMatchObject(refused('projectUnanswered', two.slug))
    for (const heir of [stranger, idle, me])
      await expect(me.leave([give(one.slug, heir.user.id), remove(two.slug)])).rejects.toMatchObject(refused('noHeir', one.slug))
    for (const service of [others.slug, 'no-such-service'])
      await expect(me.leave([right, remove(two.slug), remove(service)])).rejects.toMatchObject(refused('projectNotAlone', service))
    await expect(me.leave([right, remove(one.slug), remove(two.slug)])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await exists(me.user.id)).toBe(true)
    expect(await roles(one.id)).toMatchObject({ [me.user.id]: 'OWNER', [member.user.id]: 'VIEWER' })
    expect(await database.db.project.count({ where: { id: { in: [one.id, two.id, others.id] }, deletedAt: null } })).toBe(3)
    expect(await database.db.auditEntry.count({ where: { actorId: me.user.id } })).toBe(0)
    expect([asked, publish.mock.calls]).toEqual([[], []])
  })

  it('while it is the last administrator’s; of two who go at once one stays', async () => {
    env().ADMIN_EMAILS = ''
    const [one, two] = [await person({ admin: true }), await person({ admin: true })]
    const ends = await Promise.allSettled([one.leave(), two.leave()])
    const last = ends.findIndex(({ status }) => status === 'rejected')
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((ends[last] as PromiseRejectedResult).reason).toMatchObject({ code: 'CONFLICT', cause: { key: 'lastAdministrator' } })
    const stays = last === 0 ? one : two
    expect(await stays.preview()).toMatchObject({ lastAdministrator: true })
    await person({ admin: true, suspendedAt: new Date() })
    await expect(stays.leave()).rejects.toMatchObject({ cause: { key: 'lastAdministrator' } })
    await person({ admin: true })
    expect(await stays.preview()).toMatchObject({ lastAdministrator: false })
    await stays.leave()
  })

  it('where something breaks in its middle', async () => {
    const me = await person()
    const [given, dropped] = [await makeProject({ ownerId: me.user.id }), await makeProject({ ownerId: me.user.id })]
    const heir = await person()
    await join(given.id, heir.user.id, 'VIEWER')
    const picture = { requestId: randomUUID(), userId: me.user.id, text: 'a', page: '/', screenshot: 'feedback/1' }
    await database.db.feedback.create({ data: picture })
    register({ objects: { ...objects, delete: () => Promise.reject(new Error('away')) } })
    const answers: Answer[] = [
      { service: given.slug, action: 'transfer', to: heir.user.id },
      { service: dropped.slug, action: 'delete' },
    ]
    await expect(me.leave(answers)).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
    expect(await exists(me.user.id)).toBe(true)
    expect(await roles(given.id)).toMatchObject({ [me.user.id]: 'OWNER', [heir.user.id]: 'VIEWER' })
    expect(await database.db.project.count({ where: { id: dropped.id, deletedAt: null } })).toBe(1)
    expect(await database.db.auditEntry.count({ where: { actorId: me.user.id } })).toBe(0)
    register({ objects })
    await me.leave(answers)
    expect(removed).toEqual(['feedback/1'])
  })
})

describe('an account that is deleted', () => {
  it('takes along what is only its own, and leaves what is others’', async () => {
    const [me, heir, owner] = [await person({ email: `${unique('Jo')}@x.test` }), await person(), await person()]
    const [given, dropped] = [await makeProject({ ownerId: me.user.id }), await makeProject({ ownerId: me.user.id })]
    const theirs = await makeProject({ ownerId: owner.user.id })
    const shared = await makeProject({ ownerId: me.user.id })
    await join(given.id, heir.user.id, 'VIEWER')
    await join(shared.id, owner.user.id, 'OWNER')
    await join(theirs.id, me.user.id, 'MAINTAINER')
    const mine = { createdById: me.user.id, cause: 'Started by A Person', abortedById: me.user.id, status: 'ABORTED' as const }
    const build = await makeBuild(theirs.id, mine)
    await makeBuild(shared.id, { createdById: me.user.id, cause: 'Issue' })
    const userId = me.user.id
    await database.db.apiToken.create({ data: { userId, name: 't', hash: unique('h'), prefix: 'mst_' } })
    const application = { name: 'n', company: 'c', purpose: 'p', teamSize: '1', consentAt: new Date(), locale: 'en' }
    await database.db.betaApplication.create({ data: { userId, ...application } })
    await database.db.feedback.create({ data: { requestId: randomUUID(), userId, email: me.user.email, text: 'kept', page: '/' } })
    const { leave, user } = me
    await leave(
      [
        { service: given.slug, action: 'transfer', to: heir.user.id },
        { service: dropped.slug, action: 'delete' },
      ],
      ` ${user.email.toUpperCase()} `,
    )
    expect(await exists(userId)).toBe(false)
    for (const table of [database.db.session, database.db.apiToken, database.db.betaApplication, database.db.membership] as const)
      expect(await (table.count as (args: object) => Promise<number>)({ where: { userId } })).toBe(0)
    expect(await database.db.feedback.findFirst({ where: { text: 'kept' } })).toMatchObject({ userId: null, email: null })
    expect(await roles(given.id)).toEqual({ [heir.user.id]: 'OWNER' })
    expect(await roles(shared.id)).toEqual({ [owner.user.id]: 'OWNER' })
    expect(await roles(theirs.id)).toEqual({ [owner.user.id]: 'OWNER' })
    const stays = await database.db.project.findMany({ where: { id: { in: [given.id, shared.id, theirs.id] }, deletedAt: null } })
    expect(stays).toHaveLength(3)
    const seen = await buildView(theirs.projectId, build.number)
    expect(seen).toMatchObject({ startedBy: null, abortedBy: null, cause: 'Started by hand' })
    expect((await membersOf(given.projectId, given.actorId, { limit: 50 })).items).toMatchObject([{ userId: heir.user.id }])
    // What is to be removed is asked for, and the audit log tells all of it under the address as it was.
    expect(asked).toMatchObject([{ name: 'project.given-up', id: `project.given-up:${dropped.id}`, data: { projectId: dropped.id } }])
    const entries = await database.db.auditEntry.findMany({ where: { actorId: userId }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action, targetLabel }) => [action, targetLabel])).toEqual(
      expect.arrayContaining([
        ['member.role-changed', heir.user.email],
        ['project.deleted', dropped.slug],
        ['user.deleted', user.email],
      ]),
    )
    expect(entries).toHaveLength(3)
    expect(entries.every(({ actorEmail, address }) => actorEmail === user.email && address === '192.0.2.9')).toBe(true)
    for (const id of [userId, heir.user.id]) expect(publish).toHaveBeenCalledWith(`person:${id}`, {})
  })

  it('is deleted once, and its browser is signed out', async () => {
    const me = await person()
    const ends = await Promise.allSettled([me.leave(), me.leave()])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(me.leave()).rejects.toMatchObject({ code: 'NOT_FOUND', cause: { key: 'noAccount' } })
    expect(await callerOf(new Headers({ cookie: me.cookie }))).toEqual({ actor: null, via: null })
    // Whoever comes back is a new person.
    expect((await makeUser({ email: me.user.email })).id).not.toBe(me.user.id)
  })

  it('leaves no project without an owner, also where the other owner goes at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const [me, other] = [await person(), await person()]
      const project = await makeProject({ ownerId: me.user.id })
      await join(project.id, other.user.id, 'OWNER')
      const actorId = (await callerOf(new Headers({ cookie: other.cookie }))).actor?.id ?? null
      const act = { actorId, email: other.user.email, address: null, userAgent: null, requestId: randomUUID() }
      await Promise.allSettled([me.leave(), removeMember(act, project.projectId, other.user.id)])
      expect(Object.values(await roles(project.id))).toContain('OWNER')
    }
  })

  it('is no suspended person’s to delete, nor an API token’s', async () => {
    const me = await person({ suspendedAt: new Date() })
    await expect(me.leave()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { user } = await person()
    const caller = {
      ...(await callerOf(new Headers({ cookie: await makeSession(user.id) }))),
      via: { kind: 'token', id: 't', scopes: ['read', 'write'] },
    }
    const byToken = callers({ caller: caller as never, address: null, userAgent: null, requestId: 'r' })
    await expect(byToken.offboarding.deleteAccount({ confirm: user.email, projects: [] })).rejects.toMatchObject({
      cause: { key: 'noTokens' },
    })
    await expect(byToken.offboarding.preview()).rejects.toMatchObject({ cause: { key: 'noTokens' } })
  })
})

it('whoever leaves while an administrator suspends them is gone or suspended, and nobody waits for the other', async () => {
  const admin = await makeUser({ admin: true })
  const act = { actorId: null, email: admin.email, address: null, userAgent: null, requestId: randomUUID() }
  for (let round = 0; round < 8; round++) {
    const me = await person()
    const ends = await Promise.allSettled([me.leave(), suspend(act, me.user.id, 'x')])
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.cause ?? end.reason] : []))
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'NOT_FOUND' })
    expect(await exists(me.user.id)).toBe(false)
  }
})
