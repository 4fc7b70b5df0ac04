import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import { type Actor, actorFromId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { readInput } from '@/server/streams/schema.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser, unique } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { buildsRouter } from './router.ts'
import { jobsLimit } from './schema.ts'
import { openBuildsPerPerson } from './views/room.ts'

let database: TestDatabase
let executor: Executor
let service: string
const people: Record<'owner' | 'viewer' | 'stranger', Actor | null> = { owner: null, viewer: null, stranger: null }
const as = (actor: Actor | null) =>
  createCallerFactory(buildsRouter)({
    caller: actor ? { actor, via: { kind: 'session', id: 's' } } : { actor: null, via: null },
    ...{ address: null, userAgent: null, requestId: 'test' },
  })

beforeAll(async () => {
  database = await testDatabase()
  const client = makeInngest(parseEnv({}), silent)
  register({ ...testKeys(), hub: await openPostgresHub(database.url), inngest: client })
  register({ ai: noAi })
  executor = await startExecutor({ pool: database.pool, inngest: client, functions: [], clock: registry('clock'), log: silent })
  const project = await makeProject()
  service = project.slug
  const viewer = await makeUser()
  await database.db.membership.create({ data: { userId: viewer.id, projectId: project.id, role: 'VIEWER' } })
  people.owner = await actorFromId(project.actorId)
  people.viewer = await actorFromId(viewer.id)
  people.stranger = await actorFromId((await makeUser()).id)
})
afterAll(async () => {
  await executor.stop()
  await registry('hub').close()
  await database.drop()
})

test('the job list names the newest projects, and others by words of their name or title', async () => {
  const { id } = await makeUser()
  const rows = Array.from({ length: jobsLimit + 5 }, (_, index) => ({
    ...{ slug: unique(`many-${index}`), title: index === 0 ? 'The 100% first_one' : `Number ${index}`, issueTitle: '', issueBody: '' },
    ...{ createdById: id, requestId: randomUUID(), createdAt: new Date(1_000_000 + index * 1_000) },
  }))
  const made = await database.db.project.createManyAndReturn({ data: rows, select: { id: true, slug: true } })
  await database.db.membership.createMany({ data: made.map((project) => ({ userId: id, projectId: project.id, role: 'VIEWER' as const })) })
  const member = as(await actorFromId(id))
  const newest = await member.jobs()
  expect(newest.map((job) => job.service)).toEqual(
    made
      .slice(5)
      .reverse()
      .map((project) => project.slug),
  )
  const found = async (search: string) => (await member.jobs({ search })).map((job) => job.title)
  expect(await found('first')).toEqual(['The 100% first_one'])
  expect(await found(' 100% the ')).toEqual(['The 100% first_one'])
  expect(await found('firstXone')).toEqual([])
  expect(await found('%')).toEqual(['The 100% first_one'])
  expect((await member.jobs({ search: made[3]?.slug.slice(0, 12) ?? '' })).map((job) => job.service)).toContain(made[3]?.slug)
  expect(await as(people.stranger).jobs({ search: 'first' })).toEqual([])
})

test('an owner starts the crew, once for one press, and ends it in the queue', async () => {
  const owner = as(people.owner)
  const requestId = randomUUID()
  const { number } = await owner.start({ service, requestId })
  expect(await owner.start({ service, requestId })).toEqual({ number })
  expect(await owner.get({ service, number })).toMatchObject({
    kind: 'CREW',
    status: 'QUEUED',
    demoModel: true,
    startedBy: 'A Person',
    cause: 'Started by A Person',
    canAbort: true,
  })
  expect((await as(people.viewer).get({ service, number })).canAbort).toBe(false)
  await owner.abort({ service, number })
  expect(await owner.get({ service, number })).toMatchObject({ status: 'ABORTED', abortedBy: 'A Person', canAbort: false })
  expect((await owner.jobs())[0]).toMatchObject({ service, last: { number }, weather: 0 })
  expect((await owner.list({ service })).builds.map((build) => build.number)).toEqual([number])
})

test('a viewer looks and touches nothing; a stranger learns nothing; nobody is asked to sign in', async () => {
  const { number } = await as(people.owner).start({ service, requestId: randomUUID() })
  const viewer = as(people.viewer)
  await expect(viewer.abort({ service, number })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(viewer.start({ service, requestId: randomUUID() })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const stranger = as(people.stranger)
  const calls = [() => stranger.get({ service, number }), () => stranger.list({ service }), () => stranger.abort({ service, number })]
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await stranger.jobs()).toEqual([])
  await expect(as(null).jobs()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(as(null).get({ service, number })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
})

test('input that fits nothing is refused', async () => {
  const owner = as(people.owner)
  await expect(owner.get({ service, number: 0 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(owner.get({ service, number: 2_000_000_000 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(owner.start({ service, requestId: 'x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(owner.list({ service, limit: 1_000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('what the database could not hold is refused before it is asked', async () => {
  const owner = as(people.owner)
  await expect(owner.get({ service, number: 2 ** 31 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(owner.list({ service, before: 2 ** 40 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(owner.list({ service: 'a\0b' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(readInput.safeParse({ service, streamId: 'a\0' }).success).toBe(false)
  expect(readInput.safeParse({ service, streamId: randomUUID(), tag: 'a\0' }).success).toBe(false)
  expect(readInput.safeParse({ service, streamId: randomUUID(), tag: 'frontend' }).success).toBe(true)
})

test('one person’s builds do not fill the queue for all others', async () => {
  const { slug: service, actorId } = await makeProject()
  const owner = as(await actorFromId(actorId))
  const numbers: number[] = []
  for (let at = 0; at < openBuildsPerPerson - 1; at++) numbers.push((await owner.start({ service, requestId: randomUUID() })).number)
  const last = { service, requestId: randomUUID() }
  numbers.push((await owner.start(last)).number)
  await expect(owner.start({ service, requestId: randomUUID() })).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect(await owner.start(last)).toEqual({ number: numbers.at(-1) })
  await owner.abort({ service, number: numbers[0] ?? 0 })
  expect((await owner.start({ service, requestId: randomUUID() })).number).toBeGreaterThan(numbers.at(-1) ?? 0)
})
