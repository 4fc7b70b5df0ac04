import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEntries } from '@/server/audit/service.ts'
import { hashSecret, newSecret } from '@/server/core/credentials.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import { allowed, callerOf } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { administrationRouter } from './router.ts'

let database: TestDatabase
let executor: Executor

beforeAll(async () => {
  database = await testDatabase()
  const inngest = makeInngest(parseEnv({}), silent)
  register({ hub: await openPostgresHub(database.url), inngest, mailbox: null, checks: {} })
  executor = await startExecutor({ pool: database.pool, inngest, functions: [], clock: registry('clock'), log: silent })
})
afterAll(async () => {
  await executor.stop()
  await registry('hub').close()
  await database.drop()
})
beforeEach(async () => {
  await database.db.user.updateMany({ data: { admin: false, suspendedAt: null, emailVerified: null } })
})

/** A person who calls with a real session. */
async function asPerson(userId: string) {
  const cookie = await makeSession(userId)
  const caller = await callerOf(new Headers({ cookie }))
  const context = { caller, address: '192.0.2.1', userAgent: 'a browser', requestId: randomUUID() }
  return { api: createCallerFactory(administrationRouter)(context), cookie }
}
async function administrator() {
  const user = await makeUser({ admin: true })
  return { user, api: (await asPerson(user.id)).api }
}
const userOf = (id: string) => database.db.user.findUniqueOrThrow({ where: { id } })
const actionsOn = async (id: string) => (await listEntries({ target: id, limit: 50 })).items.map(({ action }) => action)
/** How often it is said from now on that a person's rights have changed. */
function hints(userId: string): { count: number } {
  const heard = { count: 0 }
  registry('hub').subscribe(personTopic(userId), () => heard.count++)
  return heard
}
const refusedWith = (key: string) => ({ cause: expect.objectContaining({ key }) })
const outcomes = (all: PromiseSettledResult<unknown>[]) => all.map(({ status }) => status).sort()

describe('a suspension', () => {
  it('ends the sessions, refuses the tokens and is written down, once', async () => {
    const { api, user: admin } = await administrator()
    const jo = await makeUser()
    const { cookie } = await asPerson(jo.id)
    const secret = newSecret('mst')
    await database.db.apiToken.create({ data: { userId: jo.id, name: 'ci', hash: hashSecret(secret), prefix: 'mst_ab', scopes: ['read'] } })
    const token = () => callerOf(new Headers({ authorization: `Bearer ${secret}` })).then((caller) => allowed(caller, 'read'))
    await expect(token()).resolves.toMatchObject({ id: jo.id })
    const told = hints(jo.id)
    const act = { id: jo.id, reason: '  sends spam ' }
    await Promise.all([api.suspend(act), api.suspend(act)])
    await api.suspend(act)
    expect(await callerOf(new Headers({ cookie }))).toEqual({ actor: null, via: null })
    await expect(token()).rejects.toMatchObject({ key: 'suspended' })
    const [entry, ...more] = (await listEntries({ target: jo.id, limit: 5 })).items
    expect(more).toEqual([])
    expect(entry).toMatchObject({ action: 'user.suspended', details: { reason: 'sends spam' }, address: '192.0.2.1' })
    expect(entry).toMatchObject({ actor: { id: admin.id, email: admin.email }, target: { type: 'user', id: jo.id, label: jo.email } })
    expect(told.count).toBe(1)
    await api.restore({ id: jo.id })
    await api.restore({ id: jo.id })
    await expect(token()).resolves.toMatchObject({ id: jo.id })
    expect(await actionsOn(jo.id)).toEqual(['user.restored', 'user.suspended'])
  })

  it('needs a reason and a person', async () => {
    const { api } = await administrator()
    await expect(api.suspend({ id: randomUUID(), reason: 'x' })).rejects.toMatchObject(refusedWith('noSuchPerson'))
    await expect(api.suspend({ id: (await makeUser()).id, reason: '  ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    // Half a character fits into no JSON of the database.
    await expect(api.suspend({ id: (await makeUser()).id, reason: 'x\ud800' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('is not for oneself, nor for the last administrator', async () => {
    const { api, user } = await administrator()
    await expect(api.suspend({ id: user.id, reason: 'x' })).rejects.toMatchObject(refusedWith('notYourself'))
    const second = await administrator()
    await second.api.suspend({ id: user.id, reason: 'x' })
    // The first one's page may still be open: what the gate said then is not what counts now.
    await expect(api.suspend({ id: second.user.id, reason: 'x' })).rejects.toMatchObject(refusedWith('lastAdministrator'))
    expect(await userOf(second.user.id)).toMatchObject({ suspendedAt: null })
    expect(await actionsOn(second.user.id)).toEqual([])
  })
})

describe('administrators', () => {
  it('are appointed and dismissed, once each', async () => {
    const { api } = await administrator()
    const jo = await makeUser()
    const told = hints(jo.id)
    await api.appointAdmin({ id: jo.id })
    await api.appointAdmin({ id: jo.id })
    expect((await callerOf(new Headers({ cookie: await makeSession(jo.id) }))).actor).toMatchObject({ admin: true })
    await api.dismissAdmin({ id: jo.id })
    await api.dismissAdmin({ id: jo.id })
    expect((await userOf(jo.id)).admin).toBe(false)
    expect(await actionsOn(jo.id)).toEqual(['user.admin-dismissed', 'user.admin-appointed'])
    expect(told.count).toBe(2)
  })

  it('may leave, but not the last one', async () => {
    const [one, two] = [await administrator(), await administrator()]
    await one.api.dismissAdmin({ id: one.user.id })
    await expect(two.api.dismissAdmin({ id: two.user.id })).rejects.toMatchObject(refusedWith('lastAdministrator'))
    expect((await userOf(two.user.id)).admin).toBe(true)
  })

  it('do not count while they are suspended, and the suspended are not appointed', async () => {
    const { api, user } = await administrator()
    await makeUser({ admin: true, suspendedAt: new Date() })
    await expect(api.dismissAdmin({ id: user.id })).rejects.toMatchObject(refusedWith('lastAdministrator'))
    const gone = await makeUser({ suspendedAt: new Date() })
    await expect(api.appointAdmin({ id: gone.id })).rejects.toMatchObject(refusedWith('suspendedPerson'))
  })

  it('of ADMIN_EMAILS count where the address is verified, and are not dismissed here', async () => {
    const { api, user } = await administrator()
    env().ADMIN_EMAILS = 'Boss@Example.com'
    try {
      const boss = await makeUser({ email: 'boss@example.com', emailVerified: null })
      await expect(api.dismissAdmin({ id: user.id })).rejects.toMatchObject(refusedWith('lastAdministrator'))
      await database.db.user.update({ where: { id: boss.id }, data: { emailVerified: new Date(), admin: true } })
      await expect(api.dismissAdmin({ id: boss.id })).rejects.toMatchObject(refusedWith('listedAdministrator'))
      expect(await api.user({ id: boss.id })).toMatchObject({ admin: 'listed', state: 'approved' })
      await api.dismissAdmin({ id: user.id })
    } finally {
      env().ADMIN_EMAILS = undefined
    }
  })

  it('who dismiss each other at the same moment: one stays', async () => {
    for (let round = 0; round < 8; round++) {
      await database.db.user.updateMany({ data: { admin: false } })
      const [one, two] = [await administrator(), await administrator()]
      const all = await Promise.allSettled([one.api.dismissAdmin({ id: two.user.id }), two.api.dismissAdmin({ id: one.user.id })])
      expect(outcomes(all)).toEqual(['fulfilled', 'rejected'])
      expect(await database.db.user.count({ where: { admin: true } })).toBe(1)
    }
  })

  it('who suspend and dismiss each other at the same moment, three at once: one stays', async () => {
    for (let round = 0; round < 5; round++) {
      await database.db.user.updateMany({ data: { admin: false } })
      const [one, two, three] = [await administrator(), await administrator(), await administrator()]
      const all = await Promise.allSettled([
        one.api.suspend({ id: two.user.id, reason: 'x' }),
        two.api.dismissAdmin({ id: three.user.id }),
        three.api.suspend({ id: one.user.id, reason: 'x' }),
      ])
      expect(outcomes(all)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
      expect(await database.db.user.count({ where: { admin: true, suspendedAt: null } })).toBe(1)
    }
  })

  it('only they may ask', async () => {
    const { api } = await asPerson((await makeUser()).id)
    await expect(api.users({})).rejects.toMatchObject(refusedWith('adminsOnly'))
    await expect(api.sections()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

it('sessions are ended one by one or all at once', async () => {
  const { api } = await administrator()
  const jo = await makeUser()
  const other = await makeUser()
  const cookies = [await makeSession(jo.id), await makeSession(jo.id), await makeSession(jo.id)]
  await makeSession(other.id)
  const [first] = (await api.user({ id: jo.id })).sessions
  const [foreign] = (await api.user({ id: other.id })).sessions
  await api.endSession({ id: jo.id, sessionId: first?.id ?? '' })
  await api.endSession({ id: jo.id, sessionId: first?.id ?? '' })
  await api.endSession({ id: jo.id, sessionId: foreign?.id ?? '' })
  expect((await api.user({ id: jo.id })).sessions).toHaveLength(2)
  expect((await api.user({ id: other.id })).sessions).toHaveLength(1)
  await api.endSessions({ id: jo.id })
  await api.endSessions({ id: jo.id })
  for (const cookie of cookies) expect((await callerOf(new Headers({ cookie }))).actor).toBeNull()
  expect((await listEntries({ target: jo.id, limit: 9 })).items.map(({ details }) => details)).toEqual([
    { sessions: 'all' },
    { sessions: 'one' },
  ])
})

it('an approval lets in and closes what was asked for', async () => {
  const { api, user } = await administrator()
  const jo = await makeUser({ approvedAt: null })
  const application = { name: 'Jo', company: 'C', purpose: 'p'.repeat(30), teamSize: '2-5', consentAt: new Date(), locale: 'en' }
  await database.db.betaApplication.create({ data: { ...application, userId: jo.id, openFor: jo.id } })
  expect((await api.sections()).openApplications).toBe(1)
  await api.approve({ id: jo.id })
  await api.approve({ id: jo.id })
  expect(await userOf(jo.id)).toMatchObject({ approvedAt: expect.any(Date) })
  expect((await api.user({ id: jo.id })).applications).toMatchObject([{ status: 'APPROVED', company: 'C' }])
  expect(await database.db.betaApplication.findFirst({ where: { userId: jo.id } })).toMatchObject({ openFor: null, decidedById: user.id })
  expect(await actionsOn(jo.id)).toEqual(['user.approved'])
  expect((await api.sections()).openApplications).toBe(0)
})

it('a person’s page tells all but secrets', async () => {
  const { api } = await administrator()
  const jo = await makeUser({ displayName: 'Joanna', name: 'Jo' })
  const project = await makeProject({ ownerId: jo.id })
  const hash = hashSecret('secret')
  await database.db.apiToken.create({ data: { userId: jo.id, name: 'ci', hash, prefix: 'mst_ab', scopes: ['read', 'write'] } })
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
  await makeSession(jo.id, { address: '198.51.100.4', userAgent })
  await makeSession(jo.id, { expires: new Date(0) })
  const page = await api.user({ id: jo.id })
  expect(page).toMatchObject({ name: 'Joanna', googleName: 'Jo', state: 'approved', admin: null, self: false, projects: 1, entries: [] })
  expect(page.sessions).toMatchObject([{ address: '198.51.100.4', browser: 'Chrome 126', system: 'Linux', current: false }])
  expect(page.memberships).toMatchObject([{ service: project.slug, role: 'OWNER' }])
  expect(page.tokens).toMatchObject([{ name: 'ci', prefix: 'mst_ab', scopes: ['read', 'write'], lastUsedAt: null }])
  expect(JSON.stringify(page)).not.toContain(hash)
  await expect(api.user({ id: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
