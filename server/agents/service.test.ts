import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { agentLimits, maskedValue } from './schema.ts'
import { agentForRun, recordRun } from './service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url) })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

const as = async (userId: string) => (await serverCaller(new Headers({ cookie: await makeSession(userId) }))).agents
const someone = async () => {
  const user = await makeUser()
  return { user, api: await as(user.id), actorId: await asActor(user.id) }
}
const config = (over: object = {}) => ({ model: 'claude-sonnet-5-5' as const, instructions: 'Be brief.', ...over })
const draft = (over: object = {}) => ({ requestId: randomUUID(), name: 'Helper', status: 'active' as const, config: config(), ...over })
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was refused',
    (error: { cause?: unknown }) => error.cause ?? error,
  )
const nobody = '00000000-0000-4000-8000-000000000000'

/** What the form sends back of an agent. */
const back = ({
  name,
  description,
  tags,
  avatar,
  sharing,
  service,
  config,
  id,
  version,
}: Awaited<ReturnType<Awaited<ReturnType<typeof as>>['get']>>) => ({
  ...{ id, version, name, description, tags, avatar, sharing, service },
  status: 'active' as const,
  config: config as NonNullable<typeof config>,
})

describe('making and changing', () => {
  test('one request makes one agent, also where it comes many times at once, and nobody else’s', async () => {
    const [{ api }, other] = [await someone(), await someone()]
    const given = draft()
    const made = await Promise.all(Array.from({ length: 6 }, () => api.create(given)))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(made[0]).toMatchObject({
      name: 'Helper',
      status: 'active',
      version: 1,
      own: true,
      mayEdit: true,
      config: { instructions: 'Be brief.' },
    })
    expect(await refusal(other.api.create(given))).toMatchObject({ code: 'CONFLICT', key: 'requestUsed' })
    const stored = await database.db.agent.findUniqueOrThrow({ where: { id: made[0]?.id ?? '' } })
    expect(Buffer.from(stored.sealed).includes('Be brief')).toBe(false)
  })

  test('what a model does not take is refused by the field’s name', async () => {
    const { api } = await someone()
    const refused = async (over: object) => refusal(api.create(draft({ config: config(over) })))
    expect(await refused({ temperature: 0.5 })).toMatchObject({ code: 'BAD_REQUEST', field: 'config.temperature', key: 'modelNotTaken' })
    expect(await refused({ effort: 'xhigh' })).toMatchObject({ field: 'config.effort' })
    expect(await refused({ maxTokens: 100_000 })).toMatchObject({ field: 'config.maxTokens', values: { most: 64_000 } })
    expect(await refused({ thinking: 2_048 })).toMatchObject({ field: 'config.thinking' })
    expect(await refused({ model: 'claude-haiku-4-5', thinking: 8_000, maxTokens: 8_000 })).toMatchObject({ key: 'modelTooMany' })
    const server = { type: 'http', name: 'docs', url: 'https://example.com/mcp' }
    expect(await refused({ mcpServers: [server, server] })).toMatchObject({ field: 'config.mcpServers.1.name', key: 'mcpNameTaken' })
  })

  test('a save that changes something is a new version; of two at once one is told', async () => {
    const { api } = await someone()
    const first = await api.create(draft())
    expect((await api.edit(back(first))).version).toBe(1)
    const ends = await Promise.allSettled([api.edit({ ...back(first), name: 'One' }), api.edit({ ...back(first), name: 'Two' })])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await refusal(api.edit({ ...back(first), name: 'Late' }))).toMatchObject({ code: 'CONFLICT', key: 'agentChanged' })
    expect((await api.get({ id: first.id })).version).toBe(2)
    expect(await refusal(api.edit({ ...back(first), id: nobody }))).toMatchObject({ code: 'NOT_FOUND', key: 'noAgent' })
  })

  test('a person has so many agents and no more', async () => {
    const { api, user } = await someone()
    const row = { ownerId: user.id, name: 'x', model: 'claude-sonnet-5-5', sealed: Buffer.from('x') }
    await database.db.agent.createMany({
      data: Array.from({ length: agentLimits.perOwner }, () => ({ ...row, requestId: randomUUID() })),
    })
    expect(await refusal(api.create(draft()))).toMatchObject({ code: 'CONFLICT', key: 'tooManyAgents' })
    const { items } = await api.list({ limit: 1 })
    const shown = await api.get({ id: items[0]?.id ?? '' })
    expect(shown).toMatchObject({ config: null, unreadable: true, mayEdit: true })
    expect(await refusal(api.duplicate({ id: shown.id, requestId: randomUUID() }))).toMatchObject({ key: 'agentUnreadable' })
  })

  test('secrets never leave, stay where their mask is saved, and are asked again for another place', async () => {
    const { api, actorId } = await someone()
    const server = {
      type: 'http' as const,
      name: 'docs',
      url: 'https://example.com/mcp',
      headers: [{ name: 'Authorization', value: 'Bearer s3cret' }],
    }
    const made = await api.create(draft({ config: config({ mcpServers: [server] }) }))
    expect(JSON.stringify(made)).not.toContain('s3cret')
    const shown = back(made)
    expect(shown.config.mcpServers[0]).toMatchObject({ headers: [{ value: maskedValue }] })
    const edited = await api.edit({ ...shown, name: 'Renamed' })
    expect((await agentForRun(actorId, made.id)).config.mcpServers[0]).toMatchObject({ headers: [{ value: 'Bearer s3cret' }] })
    const moved = {
      ...back(edited),
      config: { ...shown.config, mcpServers: [{ ...shown.config.mcpServers[0], url: 'https://evil.example/mcp' }] },
    }
    expect(await refusal(api.edit(moved as never))).toMatchObject({ key: 'secretAgain', field: 'config.mcpServers.0.headers.0.value' })
    const changed = { ...shown.config, mcpServers: [{ ...server, headers: [{ name: 'Authorization', value: 'Bearer other' }] }] }
    await api.edit({ ...back(edited), config: changed as never })
    const { fields } = await api.difference({ id: made.id, from: 2, to: 3 })
    expect(fields).toEqual([expect.objectContaining({ field: 'config.mcpServers.docs', secrets: true })])
    expect(JSON.stringify(fields)).not.toContain('Bearer')
    const copy = await api.duplicate({ id: made.id, requestId: randomUUID(), name: 'Copy' })
    expect(copy).toMatchObject({ name: 'Copy', status: 'draft', sharing: 'private', version: 1 })
    expect((await agentForRun(actorId, copy.id)).config.mcpServers[0]).toMatchObject({ headers: [{ value: 'Bearer other' }] })
  })
})

describe('versions', () => {
  test('each is kept, told apart field by field, and comes back as a new one', async () => {
    const { api, actorId } = await someone()
    const first = await api.create(draft({ config: config({ instructions: 'One\nTwo\nThree' }) }))
    const next = {
      ...back(first),
      name: 'Other',
      config: { ...back(first).config, instructions: 'One\n2\nThree', tools: { run_command: 'denied' as const } },
    }
    await api.edit(next)
    const { fields } = await api.difference({ id: first.id, from: 1, to: 2 })
    expect(fields.map(({ field }) => field)).toEqual(['name', 'config.instructions', 'config.tools.run_command'])
    expect(fields[0]).toMatchObject({ before: 'Helper', after: 'Other', patch: null })
    expect(fields[1]?.patch).toContain('-Two\n+2')
    const third = await api.rollback({ id: first.id, version: 2, number: 1 })
    expect(third).toMatchObject({ version: 3, name: 'Helper', config: { instructions: 'One\nTwo\nThree' } })
    expect((await api.versions({ id: first.id })).items.map(({ number, current }) => [number, current])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ])
    // A run that is taken up again goes on as it began; one whose version is kept no more, as the agent is now.
    expect(await agentForRun(actorId, first.id, 2)).toMatchObject({ version: 2, config: { instructions: 'One\n2\nThree' } })
    expect(await agentForRun(actorId, first.id, 9)).toMatchObject({ version: 3, config: { instructions: 'One\nTwo\nThree' } })
    await api.pause({ id: first.id })
    expect(await refusal(agentForRun(actorId, first.id, 2))).toMatchObject({ key: 'agentPaused' })
    await api.resume({ id: first.id })
    expect(await refusal(api.rollback({ id: first.id, version: 2, number: 1 }))).toMatchObject({ key: 'agentChanged' })
    expect(await refusal(api.rollback({ id: first.id, version: 3, number: 9 }))).toMatchObject({ key: 'noAgentVersion' })
    expect(await refusal(api.difference({ id: first.id, from: 1, to: 9 }))).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('others', () => {
  test('what is private, a draft or put away is nobody else’s; what is shared may be used and not changed', async () => {
    const [owner, other] = [await someone(), await someone()]
    const made = await owner.api.create(draft())
    const seen = async () => (await other.api.list({ whose: 'shared', limit: 100 })).items.some(({ id }) => id === made.id)
    expect(await seen()).toBe(false)
    const calls = [other.api.get({ id: made.id }), other.api.remove({ id: made.id }), agentForRun(other.actorId, made.id)]
    for (const told of await Promise.all(calls.map(refusal))) expect(told).toMatchObject({ code: 'NOT_FOUND' })
    const shared = await owner.api.edit({ ...back(made), sharing: 'all' })
    expect(await seen()).toBe(true)
    expect(await other.api.get({ id: made.id })).toMatchObject({
      config: null,
      unreadable: false,
      mayEdit: false,
      own: false,
      owner: 'A Person',
    })
    expect((await agentForRun(other.actorId, made.id)).config.instructions).toBe('Be brief.')
    const common = { permission: 'allowed' as const, tools: { look: 'allowed' as const, wipe: 'denied' as const } }
    const mcpServers = [
      { ...common, name: 'local', type: 'stdio' as const, command: 'node', args: ['x.js'], env: [{ name: 'TOKEN', value: 's3cret' }] },
      { ...common, name: 'far', type: 'http' as const, url: 'https://example.com/mcp', headers: [{ name: 'Key', value: 's3cret' }] },
    ]
    const reaching = config({ ...back(shared).config, mcpServers, tools: { fetch_page: 'allowed' } })
    await owner.api.edit({ ...back(shared), config: reaching })
    expect((await agentForRun(owner.actorId, made.id)).config).toMatchObject({ mcpServers, tools: { fetch_page: 'allowed' } })
    expect((await agentForRun(other.actorId, made.id)).config).toMatchObject({
      tools: { fetch_page: 'ask' },
      mcpServers: [
        { env: [], permission: 'allowed' },
        { permission: 'ask', tools: { look: 'ask', wipe: 'denied' } },
      ],
    })
    Object.assign(shared, await owner.api.get({ id: made.id }))
    const acts = [
      other.api.edit({ ...back(shared), name: 'Mine' }),
      other.api.versions({ id: made.id }),
      other.api.duplicate({ id: made.id, requestId: randomUUID() }),
      other.api.pause({ id: made.id }),
      other.api.archive({ id: made.id }),
      other.api.remove({ id: made.id }),
      other.api.rollback({ id: made.id, version: 2, number: 1 }),
    ]
    for (const told of await Promise.all(acts.map(refusal))) expect(told).toMatchObject({ code: 'FORBIDDEN', key: 'agentNotYours' })
    await owner.api.edit({ ...back(shared), status: 'draft' })
    expect(await seen()).toBe(false)
    await owner.api.resume({ id: made.id })
    await owner.api.archive({ id: made.id })
    expect(await seen()).toBe(false)
    expect(await refusal(agentForRun(other.actorId, made.id))).toMatchObject({ code: 'CONFLICT', key: 'agentArchived' })
    await owner.api.remove({ id: made.id })
    const entries = await database.db.auditEntry.findMany({ where: { targetId: made.id }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action }) => action)).toEqual(['agent.sharing-changed', 'agent.deleted'])
    expect(await database.db.agentVersion.count({ where: { agentId: made.id } })).toBe(0)
  })

  test('a project’s members use what is shared with it, as long as they are members', async () => {
    const [owner, member] = [await someone(), await someone()]
    const project = await makeProject({ ownerId: owner.user.id })
    const foreign = await makeProject()
    const sharing = { sharing: 'project' as const }
    expect(await refusal(owner.api.create(draft({ ...sharing })))).toMatchObject({ field: 'service', key: 'agentNeedsProject' })
    expect(await refusal(owner.api.create(draft({ ...sharing, service: foreign.slug })))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'service',
    })
    const made = await owner.api.create(draft({ ...sharing, service: project.slug }))
    expect(made.service).toBe(project.slug)
    expect(await refusal(member.api.get({ id: made.id }))).toMatchObject({ code: 'NOT_FOUND' })
    const place = { userId: member.user.id, projectId: project.id }
    await database.db.membership.create({ data: { ...place, role: 'VIEWER' } })
    expect(await member.api.get({ id: made.id })).toMatchObject({ service: project.slug, own: false })
    await database.db.membership.deleteMany({ where: place })
    expect(await refusal(agentForRun(member.actorId, made.id))).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('runs', () => {
  test('a paused agent refuses in words', async () => {
    const { api, actorId } = await someone()
    const { id } = await api.create(draft())
    expect((await api.pause({ id })).status).toBe('paused')
    expect(await refusal(agentForRun(actorId, id))).toMatchObject({ code: 'CONFLICT', key: 'agentPaused', values: { name: 'Helper' } })
    expect((await api.resume({ id })).status).toBe('active')
    expect(await agentForRun(actorId, id)).toMatchObject({ name: 'Helper', version: 1, status: 'active' })
  })

  test('runs are counted; errors in a row make an error of it, and a success, an edit or resuming clears that', async () => {
    const { api } = await someone()
    const made = await api.create(draft())
    const { id } = made
    const end = (outcome: 'succeeded' | 'failed' | 'stopped', failure: string | null = null) =>
      recordRun(database.db, { agentId: id, outcome, failure, tokens: 100, costMicros: 7, at: new Date('2026-11-01T10:00:00Z') })
    const fail = async (times: number) => {
      for (let time = 0; time < times; time++) await end('failed', 'overloaded')
    }
    await fail(4)
    await end('stopped')
    expect((await api.get({ id })).status).toBe('active')
    await fail(1)
    expect(await api.get({ id })).toMatchObject({
      status: 'error',
      statusReason: 'overloaded',
      runs: 6,
      succeeded: 0,
      tokens: 600,
      costMicros: 42,
    })
    await end('succeeded')
    expect(await api.get({ id })).toMatchObject({
      status: 'active',
      statusReason: null,
      runs: 7,
      succeeded: 1,
      lastRunAt: '2026-11-01T10:00:00.000Z',
    })
    await fail(5)
    expect((await api.resume({ id })).status).toBe('active')
    await fail(5)
    expect(await api.edit({ ...back(made), name: 'Better' })).toMatchObject({ status: 'active', statusReason: null })
    await fail(4)
    expect((await api.get({ id })).status).toBe('active')
    await recordRun(database.db, { agentId: nobody, outcome: 'failed', failure: null, tokens: 1, costMicros: 1, at: new Date() })
  })
})

describe('the list', () => {
  test('is filtered, searched, sorted and paged', async () => {
    const { api } = await someone()
    const add = (over: object) => api.create(draft(over))
    const [a, b, c] = [
      await add({ name: 'Alpha', tags: ['Code', 'x'], description: '100% sure' }),
      await add({ name: 'beta', tags: ['code'], status: 'paused' }),
      await add({ name: 'Gamma', status: 'draft', description: '번역을 도와요' }),
    ]
    const names = async (input: object) => (await api.list({ whose: 'own', ...input })).items.map(({ name }) => name)
    expect(await names({})).toEqual(['Gamma', 'beta', 'Alpha'])
    expect(await names({ sort: 'name' })).toEqual(['Alpha', 'beta', 'Gamma'])
    expect(await names({ sort: 'name', direction: 'desc', limit: 1, page: 2 })).toEqual(['beta'])
    expect(await names({ status: 'paused' })).toEqual(['beta'])
    expect(await names({ tag: 'code', sort: 'name' })).toEqual(['Alpha', 'beta'])
    expect(await names({ search: '100%' })).toEqual(['Alpha'])
    expect(await names({ search: '%' })).toEqual(['Alpha'])
    expect(await names({ search: '번역' })).toEqual(['Gamma'])
    expect(await names({ search: 'COD', sort: 'name' })).toEqual(['Alpha', 'beta'])
    await recordRun(database.db, { agentId: a.id, outcome: 'succeeded', failure: null, tokens: 1, costMicros: 9, at: new Date() })
    for (const sort of ['runs', 'lastRun', 'cost']) expect((await names({ sort }))[0]).toBe('Alpha')
    expect(await api.list({ whose: 'own', limit: 1 })).toMatchObject({ total: 3, tags: ['code', 'x'] })
    await api.archive({ id: b.id })
    expect(await names({ archived: true })).toEqual(['beta'])
    expect(await names({ page: 9 })).toEqual([])
    await api.archive({ id: b.id, archived: false })
    expect(await names({})).toContain('beta')
    expect(c.status).toBe('draft')
  })
})
