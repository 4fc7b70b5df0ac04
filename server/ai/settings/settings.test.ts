import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerFor } from '@/server/caller.ts'
import { actorFromId } from '@/server/core/gates.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser } from '@/server/testing/factories.ts'
import { defaultAiSettings } from '../schema.ts'
import { isDenied, partition, settingsOf } from '../service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const as = async (id: string) => callerFor(await actorFromId(id))

async function world() {
  const owner = await makeUser()
  const project = await makeProject({ ownerId: owner.id })
  const member = async (role: 'VIEWER' | 'MAINTAINER') => {
    const user = await makeUser()
    await database.db.membership.create({ data: { userId: user.id, projectId: project.id, role } })
    return as(user.id)
  }
  return {
    project,
    service: project.slug,
    owner: await as(owner.id),
    viewer: await member('VIEWER'),
    maintainer: await member('MAINTAINER'),
  }
}

describe('a project’s code settings', () => {
  it('are the defaults until an owner changes them; every member reads them, and others do not know of them', async () => {
    const { service, owner, viewer, maintainer, project } = await world()
    expect(await viewer.ai.settings({ service })).toEqual(defaultAiSettings)
    const wanted = { review: false, stopAt: 'high', denyPaths: ['*.csv', 'private/', '*.csv'] } as const
    const saved = { ...wanted, denyPaths: ['*.csv', 'private/'] }
    await expect(maintainer.ai.changeSettings({ service, ...wanted, denyPaths: [...wanted.denyPaths] })).rejects.toThrow('owner')
    expect(await owner.ai.changeSettings({ service, ...wanted, denyPaths: [...wanted.denyPaths] })).toEqual(saved)
    expect(await maintainer.ai.settings({ service })).toEqual(saved)
    expect(await settingsOf(project.projectId)).toEqual(saved)
    await expect((await as((await makeUser()).id)).ai.settings({ service })).rejects.toThrow('no such service')
  })

  it('are written down with what they were and are, and only where they change', async () => {
    const { service, owner, project } = await world()
    const wanted = { review: true, stopAt: null, denyPaths: ['a/**'] }
    await owner.ai.changeSettings({ service, ...wanted })
    await owner.ai.changeSettings({ service, ...wanted })
    const entries = await database.db.auditEntry.findMany({ where: { targetId: project.id, action: 'project.code-settings-changed' } })
    expect(entries).toHaveLength(1)
    expect(entries[0]?.details).toEqual({ from: JSON.stringify(defaultAiSettings), to: JSON.stringify(wanted) })
  })

  it.each([['!keep'], ['../up'], ['a\\b'], ['*a*b*c*d'], ['']])('refuse the pattern %j', async (pattern) => {
    const { service, owner } = await world()
    await expect(owner.ai.changeSettings({ service, ...defaultAiSettings, denyPaths: ['fine', pattern] })).rejects.toThrow()
    expect(await owner.ai.settings({ service })).toEqual(defaultAiSettings)
  })

  it('refuse a pattern that no path can match, and say which', async () => {
    const { service, owner } = await world()
    await expect(owner.ai.changeSettings({ service, ...defaultAiSettings, denyPaths: ['[z-a].ts'] })).rejects.toThrow('[z-a].ts')
  })

  it('stop as early as by default where a stored severity is not known', async () => {
    const { project } = await world()
    await database.db.aiSettings.create({ data: { projectId: project.id, stopAt: 'dreadful', denyPaths: ['x'] } })
    expect(await settingsOf(project.projectId)).toEqual({ ...defaultAiSettings, denyPaths: ['x'] })
  })
})

describe('a path that is tried', () => {
  it('is answered with the pattern, of those stored or of those given', async () => {
    const { service, owner, viewer } = await world()
    await owner.ai.changeSettings({ service, ...defaultAiSettings, denyPaths: ['*.csv'] })
    expect(await viewer.ai.tryPath({ service, path: 'data/people.CSV' })).toEqual({ withheld: true, pattern: '*.csv', always: false })
    expect(await viewer.ai.tryPath({ service, path: 'data/people.csv', denyPaths: ['*.sql'] })).toEqual({
      withheld: false,
      pattern: null,
      always: false,
    })
    expect(await viewer.ai.tryPath({ service, path: 'app/.env.example', denyPaths: [] })).toEqual({
      withheld: true,
      pattern: '**/.env*',
      always: true,
    })
  })
})

it('files are parted into those that may be shown and those that may not', () => {
  const files = ['src/a.ts', 'tls/server.key', 'data/a.csv'].map((path) => ({ path, content: path }))
  expect(partition(files, ['*.csv'])).toEqual({ shown: [files[0]], withheld: ['data/a.csv', 'tls/server.key'] })
  expect(isDenied('data/a.csv', [])).toBe(false)
})
