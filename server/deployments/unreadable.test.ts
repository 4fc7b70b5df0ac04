import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { env } from '@/server/core/env.ts'
import { register } from '@/server/core/registry.ts'
import { unixRequest } from '@/server/core/unix-http.ts'
import { breakSeals, sealBreaks } from '@/server/testing/broken-seals.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { until } from '@/server/testing/until.ts'
import { supervisorPlaces } from './launchers/places.ts'
import { endSupervisor, supervisorsOf } from './launchers/supervised.ts'
import { unreadableRun } from './records/records.ts'
import type { Gates } from './rollout/types.ts'
import * as service from './service.ts'

const gates: Gates = {
  deploy: { startMs: 60_000, count: 2, intervalMs: 20, timeoutMs: 20_000 },
  switch: { startMs: 60_000, count: 2, intervalMs: 10, timeoutMs: 20_000 },
}
let database: TestDatabase
let dataDir: string
let project: Awaited<ReturnType<typeof makeProject>>

beforeAll(async () => {
  database = await testDatabase()
  register({ hub: { publish() {}, subscribe: () => () => undefined, close: async () => undefined } })
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-sealed-'))
  env().MAESTRO_DATA_DIR = dataDir
  await writeTinyApp(join(dataDir, 'source'))
  project = await makeProject()
})
afterEach(async () => {
  await service.stopAll(dataDir)
  await database.db.service.deleteMany()
  await rm(dataDir, { recursive: true, force: true })
})

const probe = { path: '/healthz', intervalMs: 0, timeoutMs: 2_000 }
const monitoring = { probe, thresholds: { cpu: 0.8, memory: 0.85, errorRate: 0.05 } }
async function release(version: string, over: Record<string, string> = {}) {
  const { id: buildId } = await makeBuild(project.id, { demoModel: true })
  const run = { start: ['node', 'server.js'], healthPath: '/healthz', memoryMb: 256, env: { VERSION: version, ...over } }
  return service.deploy(project.projectId, { buildId, sourceDir: join(dataDir, 'source'), run, monitoring }, gates)
}
const ask = async (path: string) => {
  const { socketPath } = await service.upstreamFor(project.slug)
  return JSON.parse((await unixRequest({ socketPath, path })).text)
}
const view = () => service.serviceView(project.projectId)
const end = () => endSupervisor(supervisorPlaces(dataDir, `service:${project.slug}`).controlSocket)

test('how a version is run and watched, and why one failed, is sealed', async () => {
  await release('1', { API_KEY: 'the-secret' })
  expect((await release('2', { DIE_AFTER_MS: '40' })).reason).toContain('dying on purpose')
  const rows = await database.db.deployment.findMany({ where: { projectId: project.id } })
  expect(rows.map(({ run, monitoring: watch, reason }) => [run, watch, reason])).toEqual([
    [null, null, null],
    [null, null, null],
  ])
  const stored = rows.flatMap(({ runSealed, monitoringSealed, reasonSealed }) => [runSealed, monitoringSealed, reasonSealed])
  expect(Buffer.concat(stored.map((bytes) => bytes ?? Buffer.alloc(0))).toString('latin1')).not.toMatch(/the-secret|healthz|dying/)
  const [failed] = (await view()).deployments
  expect(failed).toMatchObject({ number: 2, reason: expect.stringContaining('dying on purpose'), reasonUnreadable: false })
  expect(await view()).toMatchObject({ monitoring, monitoringUnreadable: false, runUnreadable: false })
})

test('what an older version stored in the clear is read', async () => {
  await release('1')
  const run = { start: ['node', 'server.js'], healthPath: '/healthz', memoryMb: 256, env: { VERSION: 'old' } }
  const plain = { run, runSealed: null, monitoring, monitoringSealed: null, reason: 'old words', reasonSealed: null }
  await database.db.deployment.updateMany({ where: { projectId: project.id }, data: plain })
  await end()
  await service.adoptServices()
  await until(async () => (await ask('/version')).version === 'old')
  expect(await view()).toMatchObject({ monitoring, deployments: [{ reason: 'old words' }] })
})

describe('a version that no key opens', () => {
  test.each(sealBreaks)('%s: it runs on while it runs, and is not started again', async (how) => {
    await release('1')
    await breakSeals(database.pool, project.id, how)
    const [{ pid } = { pid: 0 }] = await supervisorsOf(dataDir)
    await service.adoptServices()
    await service.probeServices()
    expect(await supervisorsOf(dataDir)).toMatchObject([{ pid, release: 1 }])
    expect(await view()).toMatchObject({ state: 'UP', runUnreadable: true, monitoring: null, monitoringUnreadable: true })
    await expect(service.startService(project.projectId, gates)).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'runUnreadable' })
    expect((await ask('/version')).version).toBe('1')
    await end()
    await service.adoptServices()
    await service.probeServices()
    expect(await supervisorsOf(dataDir)).toEqual([])
    expect(await view()).toMatchObject({ state: 'DOWN', reason: unreadableRun, reasonUnreadable: false, current: { number: 1 } })
    await expect(service.startService(project.projectId, gates)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    // A new version is what helps.
    expect(await release('2')).toEqual({ status: 'HEALTHY', reason: null })
    expect(await view()).toMatchObject({ state: 'UP', reason: null, runUnreadable: false, current: { number: 2 } })
  })

  test('does not keep others from being found again', async () => {
    await release('1')
    await breakSeals(database.pool, project.id, 'a destroyed key')
    await end()
    project = await makeProject()
    await release('1')
    await end()
    await service.adoptServices()
    await until(async () => (await ask('/version')).version === '1')
  })

  test('leaves nothing running where a new version fails on the real data', async () => {
    await release('1')
    await breakSeals(database.pool, project.id, 'altered bytes')
    const { status } = await release('2', { DIE_ON_DATA: '.' })
    expect(status).toBe('FAILED')
    expect((await view()).deployments[0]).toMatchObject({ number: 2, status: 'FAILED', reason: expect.any(String) })
  })
})
