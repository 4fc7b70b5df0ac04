import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { systemClock } from '@/server/core/clock.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { withEmptyDays } from './rules.ts'

let database: TestDatabase
const now = Date.UTC(2026, 4, 31, 12)
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database.drop()
})

const callerOf = async (userId: string) =>
  serverCaller(new Headers({ cookie: await makeSession(userId, { expires: new Date(now + 3_600_000) }) }))
const statsOf = async (userId: string) => (await callerOf(userId)).dashboard.stats()

async function makeRuns(
  ownerId: string,
  runs: { state: 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'RUNNING'; endedAt?: string; agentId?: string }[],
) {
  const spaceId = await spaceForActor(await asActor(ownerId))
  const session = await database.db.chatSession.create({ data: { ownerId, spaceId, requestId: randomUUID() } })
  for (const { state, endedAt, agentId = null } of runs) {
    const message = await database.db.chatMessage.create({ data: { sessionId: session.id, role: 'assistant', sealed: Buffer.from('x') } })
    const stream = await database.db.stream.create({ data: { projectId: spaceId, kind: 'chat' } })
    await database.db.chatRun.create({
      data: {
        ...{ sessionId: session.id, messageId: message.id, requestId: randomUUID(), ownerId, streamId: stream.id, state, agentId },
        ...{ inputTokens: 100, outputTokens: 20, costMicros: 7n, createdAt: new Date('2026-05-01T00:00:00Z') },
        endedAt: endedAt ? new Date(endedAt) : null,
      },
    })
  }
}

test('a person’s own runs are counted by the day they ended, and agents they may use', async () => {
  register({ clock: { ...systemClock, now: () => now } })
  const [user, other] = [await makeUser(), await makeUser()]
  await makeRuns(user.id, [
    { state: 'SUCCEEDED', endedAt: '2026-05-31T09:00:00Z' },
    { state: 'FAILED', endedAt: '2026-05-31T00:00:00Z' },
    { state: 'SUCCEEDED', endedAt: '2026-05-02T00:00:00Z' },
    { state: 'STOPPED', endedAt: '2026-05-01T23:59:59Z' },
    { state: 'RUNNING' },
  ])
  await makeRuns(other.id, [{ state: 'FAILED', endedAt: '2026-05-31T10:00:00Z' }])
  const project = await makeProject({ ownerId: user.id })
  const agent = (over: object) =>
    database.db.agent.create({
      data: {
        ownerId: other.id,
        requestId: randomUUID(),
        name: 'x',
        model: 'claude-sonnet-5-5',
        sealed: Buffer.from('x'),
        status: 'ACTIVE',
        ...over,
      },
    })
  await agent({ ownerId: user.id, status: 'DRAFT' })
  await agent({ ownerId: user.id, archivedAt: new Date() })
  await agent({ sharing: 'ALL' })
  await agent({ sharing: 'ALL', status: 'DRAFT' })
  await agent({ sharing: 'PROJECT', projectId: project.id, status: 'PAUSED' })
  await agent({ sharing: 'PROJECT', projectId: (await makeProject()).id })
  await agent({})
  const stats = await statsOf(user.id)
  expect(stats).toMatchObject({
    agents: { total: 3, active: 1 },
    runs: { total: 4, succeeded: 2, successRate: 0.5 },
    lastActivityAt: '2026-05-31T09:00:00.000Z',
  })
  expect(stats.days).toHaveLength(30)
  expect(stats.days[0]).toEqual({ day: '2026-05-02', succeeded: 1, failed: 0, stopped: 0, tokens: 120, costMicros: 7 })
  expect(stats.days.at(-1)).toEqual({ day: '2026-05-31', succeeded: 1, failed: 1, stopped: 0, tokens: 240, costMicros: 14 })
})

test('the days of an agent are all its runs for its owner, and for others their own', async () => {
  const [owner, guest, stranger] = [await makeUser(), await makeUser(), await makeUser()]
  const data = { ownerId: owner.id, requestId: randomUUID(), name: 'x', model: 'claude-sonnet-5-5', sealed: Buffer.from('x') }
  const agent = await database.db.agent.create({ data: { ...data, sharing: 'ALL', status: 'ACTIVE' } })
  const endedAt = '2026-05-31T09:00:00Z'
  await makeRuns(owner.id, [
    { state: 'SUCCEEDED', endedAt, agentId: agent.id },
    { state: 'FAILED', endedAt },
  ])
  await makeRuns(guest.id, [
    { state: 'STOPPED', endedAt, agentId: agent.id },
    { state: 'FAILED', endedAt: '2026-05-01T09:00:00Z', agentId: agent.id },
  ])
  const lastOf = async (userId: string) => {
    const { days } = await (await callerOf(userId)).dashboard.agentDays({ agentId: agent.id })
    expect(days).toHaveLength(30)
    const { succeeded, failed, stopped } = days.at(-1) ?? {}
    return { succeeded, failed, stopped }
  }
  expect(await lastOf(owner.id)).toEqual({ succeeded: 1, failed: 0, stopped: 1 })
  expect(await lastOf(guest.id)).toEqual({ succeeded: 0, failed: 0, stopped: 1 })
  expect(await lastOf(stranger.id)).toEqual({ succeeded: 0, failed: 0, stopped: 0 })
})

test('somebody new has noughts for every day, and no share of nothing', async () => {
  const stats = await statsOf((await makeUser()).id)
  expect(stats).toMatchObject({ runs: { total: 0, successRate: null }, lastActivityAt: null })
  expect(stats.days).toEqual(withEmptyDays(now, []))
})
