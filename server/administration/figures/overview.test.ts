import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import type { BuildStatus } from '@/server/core/generated/prisma/enums.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { overviewSchema } from '../schema.ts'
import { overview } from './overview.ts'

let database: TestDatabase
const now = Date.UTC(2026, 5, 15, 12)
const dayMs = 24 * 3600 * 1000
const ago = (days: number) => new Date(now - days * dayMs)

beforeAll(async () => {
  database = await testDatabase()
  register({ clock: { ...systemClock, now: () => now }, checks: { model: () => Promise.reject(new Error('status 500')) } })
})
afterAll(() => database.drop())

it('of an empty platform is all zeros', async () => {
  const found = await overview()
  expect(found).toMatchObject({ people: { all: 0, active: 0 }, projects: 0, successRate: null, spent: { micros: 0, calls: 0 } })
  expect(found.queue).toMatchObject({ queued: 0, running: 0, oldestQueuedAt: null })
  expect(found.days).toHaveLength(30)
})

it('is right on known data', async () => {
  const [jo, ada] = [await makeUser({ lastLoginAt: ago(30) }), await makeUser({ lastLoginAt: ago(6) })]
  const [ben, eve] = [await makeUser({ approvedAt: null, lastLoginAt: ago(8) }), await makeUser({ suspendedAt: ago(1) })]
  await makeSession(jo.id, { lastSeenAt: ago(1) })
  await makeSession(jo.id, { lastSeenAt: ago(2) })
  await makeSession(ben.id, { lastSeenAt: ago(8) })
  await database.db.apiToken.create({
    data: { userId: eve.id, name: 'ci', hash: randomUUID(), prefix: 'p', scopes: [], lastUsedAt: ago(3) },
  })
  const { projectId } = await makeProject({ ownerId: jo.id })
  const second = await makeProject({ ownerId: ada.id })
  const build = (status: BuildStatus, days: number) => makeBuild(projectId, { status, queuedAt: ago(days) })
  for (const [status, days] of [
    ['SUCCESS', 0],
    ['SUCCESS', 1],
    ['SUCCESS', 29],
    ['FAILURE', 1],
    ['FAILURE', 31],
    ['ABORTED', 1],
    ['RUNNING', 0],
    ['QUEUED', 0.25],
    ['QUEUED', 0.1],
  ] as const)
    await build(status, days)
  await database.db.service.create({ data: { projectId, state: 'UP' } })
  await database.db.service.create({ data: { projectId: second.projectId, state: 'DOWN' } })
  const call = { projectId, purpose: 'qa', model: 'm', inputTokens: 1, outputTokens: 1, status: 200, durationMs: 1 }
  await database.db.modelCall.createMany({
    data: [
      { ...call, demo: false, costMicros: 1_500_000n, startedAt: ago(1) },
      { ...call, demo: false, costMicros: 500_000n, startedAt: ago(14) },
      { ...call, demo: true, costMicros: 250_000n, startedAt: ago(2) },
      { ...call, demo: false, costMicros: 9_000_000n, startedAt: ago(20) },
    ],
  })
  const { id: buildId } = await build('SUCCESS', 40)
  const artifact = { projectId, buildId, mediaType: 'text/plain', sha256: '', objectKey: 'k' }
  await database.db.artifact.createMany({
    data: [
      { ...artifact, name: 'a', size: 1_000 },
      { ...artifact, name: 'b', size: 24 },
    ],
  })
  const found = overviewSchema.parse(await overview())
  expect(found.people).toEqual({ all: 4, approved: 2, waiting: 1, suspended: 1, admins: 0, active: 3 })
  expect(found.projects).toBe(2)
  expect(found.days[0]).toMatchObject({ day: '2026-05-17', success: 1, failure: 0 })
  expect(found.days.at(-2)).toMatchObject({ day: '2026-06-14', success: 1, failure: 1, aborted: 1, open: 0 })
  expect(found.days.at(-1)).toMatchObject({ day: '2026-06-15', success: 1, open: 3 })
  expect(found.successRate).toBe(0.75)
  expect(found.queue).toEqual({ queued: 2, running: 1, places: 2, oldestQueuedAt: ago(0.25).toISOString() })
  expect(found.services).toEqual({ up: 1, down: 1, starting: 0, stopped: 0, neverDeployed: 0 })
  expect(found.spent).toEqual({ micros: 2_000_000, demoMicros: 250_000, calls: 3, since: '2026-06-01T00:00:00.000Z' })
  expect(found.storage).toMatchObject({ artifacts: 2, artifactBytes: 1_024 })
  expect(found.storage.databaseBytes).toBeGreaterThan(1_000_000)
  expect(found.health).toMatchObject({ status: 'degraded' })
  expect(found.health.dependencies).toContainEqual({ name: 'model', healthy: false, reason: 'status 500' })
  expect(found.server.version).toMatch(/^\d+\.\d+\.\d+/)
})
