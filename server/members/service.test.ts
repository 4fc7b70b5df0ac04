import { Inngest } from 'inngest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actorFromId, type Caller } from '@/server/core/gates.ts'
import { personTopic, projectTopic } from '@/server/core/hub.ts'
import { register } from '@/server/core/registry.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { membersRouter } from './router.ts'
import { type MemberRole, memberRoles } from './schema.ts'

let database: TestDatabase
let told: string[] = []
const createCaller = createCallerFactory(membersRouter)

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 12 })
  const hub = { publish: (topic: string) => void told.push(topic), subscribe: () => () => undefined, close: async () => undefined }
  const fetch: typeof globalThis.fetch = async () => Response.json({ ids: ['1'], status: 200 })
  register({ hub, ...testKeys(), inngest: new Inngest({ id: 'maestro', eventKey: 'test', isDev: false, fetch }) })
})
afterAll(() => database.drop())

async function as(userId: string | null) {
  const actor = userId ? await actorFromId(userId) : null
  const caller: Caller = actor ? { actor, via: { kind: 'session', id: 's' } } : { actor: null, via: null }
  return createCaller({ caller, address: '192.0.2.1', userAgent: 'test', requestId: 'r' })
}

async function addMember(projectId: string, role: MemberRole) {
  const user = await makeUser()
  await database.db.membership.create({ data: { userId: user.id, projectId, role } })
  return user
}

async function team() {
  const project = await makeProject()
  const [viewer, maintainer] = [await addMember(project.id, 'VIEWER'), await addMember(project.id, 'MAINTAINER')]
  const people = { OWNER: project.createdById, MAINTAINER: maintainer.id, VIEWER: viewer.id, stranger: (await makeUser()).id, nobody: null }
  return { project, service: project.slug, people }
}

const rolesOf = async (projectId: string) =>
  (await database.db.membership.findMany({ where: { projectId }, orderBy: { role: 'asc' } })).map(({ role }) => role)
const entries = (targetId: string) =>
  database.db.auditEntry.findMany({ where: { targetId }, orderBy: { at: 'asc' }, select: { action: true, details: true, actorId: true } })

describe('who may', () => {
  const calls = {
    list: ['OWNER', 'MAINTAINER', 'VIEWER'],
    invitations: ['OWNER'],
    invite: ['OWNER'],
    withdraw: ['OWNER'],
    changeRole: ['OWNER'],
    remove: ['OWNER'],
    leave: ['OWNER', 'MAINTAINER', 'VIEWER'],
  } as const
  const whom = { OWNER: 'MAINTAINER', MAINTAINER: 'VIEWER', VIEWER: 'MAINTAINER', stranger: 'VIEWER', nobody: 'VIEWER' } as const

  it.each(Object.keys(calls) as (keyof typeof calls)[])('call %s: the right people, also where the pages are public', async (name) => {
    for (const who of ['OWNER', 'MAINTAINER', 'VIEWER', 'stranger', 'nobody'] as const) {
      const { project, service, people } = await team()
      await database.db.project.update({ where: { id: project.id }, data: { publicRead: true } })
      // A second owner, so that nobody is the last one.
      await addMember(project.id, 'OWNER')
      const open = await (await as(people.OWNER)).invite({ service, email: 'guest@example.com', role: 'VIEWER' })
      const inputs = {
        list: { service },
        invitations: { service },
        invite: { service, email: 'another@example.com', role: 'VIEWER' as const },
        withdraw: { service, id: open.id },
        changeRole: { service, userId: people[whom[who]], role: 'OWNER' as const },
        remove: { service, userId: people[whom[who]] },
        leave: { service },
      }
      const api = await as(people[who])
      const answer = (api[name] as (input: object) => Promise<unknown>)(inputs[name]).then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
      const closed = who === 'nobody' ? 'UNAUTHORIZED' : who === 'stranger' ? 'NOT_FOUND' : 'FORBIDDEN'
      expect(await answer, `${who} calls ${name}`).toBe((calls[name] as readonly string[]).includes(who) ? 'done' : closed)
    }
  })
})

describe('the members', () => {
  it('are listed page by page, owners first', async () => {
    const { service, people } = await team()
    const api = await as(people.VIEWER)
    const first = await api.list({ service, limit: 2 })
    expect(first.items.map(({ role, you }) => [role, you])).toEqual([
      ['OWNER', false],
      ['MAINTAINER', false],
    ])
    const rest = await api.list({ service, limit: 2, cursor: first.next ?? undefined })
    expect(rest.items.map(({ role, you }) => [role, you])).toEqual([['VIEWER', true]])
    expect(rest.next).toBeNull()
  })

  it('get another role, which is written down and told', async () => {
    const { project, service, people } = await team()
    told = []
    const api = await as(people.OWNER)
    await api.changeRole({ service, userId: people.VIEWER, role: 'MAINTAINER' })
    await api.changeRole({ service, userId: people.VIEWER, role: 'MAINTAINER' })
    expect(told).toEqual([personTopic(people.VIEWER), projectTopic(project.id)])
    expect(await entries(people.VIEWER)).toEqual([
      { action: 'member.role-changed', details: { service, from: 'VIEWER', to: 'MAINTAINER' }, actorId: people.OWNER },
    ])
  })

  it('are removed and leave', async () => {
    const { project, service, people } = await team()
    await (await as(people.OWNER)).remove({ service, userId: people.MAINTAINER })
    await (await as(people.VIEWER)).leave({ service })
    expect(await rolesOf(project.id)).toEqual(['OWNER'])
    expect((await entries(people.MAINTAINER)).map(({ action }) => action)).toEqual(['member.removed'])
    expect((await entries(people.VIEWER)).map(({ action }) => action)).toEqual(['member.left'])
    await expect((await as(people.MAINTAINER)).list({ service })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect((await as(people.OWNER)).remove({ service, userId: people.MAINTAINER })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of another project are out of reach', async () => {
    const [mine, theirs] = [await team(), await team()]
    const api = await as(mine.people.OWNER)
    const open = await (await as(theirs.people.OWNER)).invite({ service: theirs.service, email: 'guest@example.com', role: 'VIEWER' })
    const { service } = mine
    const attempts = [
      () => api.changeRole({ service, userId: theirs.people.VIEWER, role: 'OWNER' }),
      () => api.remove({ service, userId: theirs.people.VIEWER }),
      () => api.withdraw({ service, id: open.id }),
      () => api.list({ service: theirs.service }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await api.list({ service, cursor: theirs.people.VIEWER })).items).toEqual([])
    expect((await api.invitations({ service, cursor: open.id })).items).toEqual([])
    expect(await rolesOf(theirs.project.id)).toEqual([...memberRoles].reverse())
  })
})

describe('the last owner', () => {
  it('cannot leave, be removed or get a lesser role', async () => {
    const { project, service, people } = await team()
    const api = await as(people.OWNER)
    const attempts = [
      () => api.leave({ service }),
      () => api.remove({ service, userId: people.OWNER }),
      () => api.changeRole({ service, userId: people.OWNER, role: 'VIEWER' }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'CONFLICT', cause: { key: 'lastOwner' } })
    expect(await entries(people.OWNER)).toEqual([])
    expect(await rolesOf(project.id)).toEqual(['OWNER', 'MAINTAINER', 'VIEWER'])
  })

  it('is left whatever owners do to one another at once', async () => {
    for (let round = 0; round < 8; round++) {
      const project = await makeProject()
      const { slug: service } = project
      const owners = [project.createdById, (await addMember(project.id, 'OWNER')).id, (await addMember(project.id, 'OWNER')).id]
      const apis = await Promise.all(owners.map((id) => as(id)))
      const acts = apis.flatMap((api, at) => {
        const other = owners[(at + 1) % owners.length] as string
        return [api.leave({ service }), api.remove({ service, userId: other }), api.changeRole({ service, userId: other, role: 'VIEWER' })]
      })
      await Promise.allSettled(acts)
      expect((await rolesOf(project.id)).filter((role) => role === 'OWNER').length, `round ${round}`).toBeGreaterThanOrEqual(1)
    }
  })
})
