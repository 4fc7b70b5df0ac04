import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { env } from '@/server/core/env.ts'
import type { Hub } from '@/server/core/hub.ts'
import { register } from '@/server/core/registry.ts'
import { unixRequest } from '@/server/core/unix-http.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { until } from '@/server/testing/until.ts'
import { withServiceLock } from './data.ts'
import { servicePlaces, supervisorPlaces } from './launchers/places.ts'
import { endSupervisor, supervisorsOf } from './launchers/supervised.ts'
import type { Gates } from './rollout/types.ts'
import * as service from './service.ts'

const gates: Gates = {
  deploy: { startMs: 60_000, count: 5, intervalMs: 20, timeoutMs: 20_000 },
  switch: { startMs: 60_000, count: 2, intervalMs: 10, timeoutMs: 20_000 },
}
/** Of an app that is never well, for which it is waited to the end. */
const sickGates: Gates = { ...gates, deploy: { ...gates.deploy, startMs: 10_000 } }
const hub: Hub = { publish: vi.fn(), subscribe: () => () => undefined, close: async () => undefined }
let database: TestDatabase
let dataDir: string
let project: Awaited<ReturnType<typeof makeProject>>

beforeAll(async () => {
  database = await testDatabase()
  register({ hub })
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-deploy-'))
  env().MAESTRO_DATA_DIR = dataDir
  await writeTinyApp(join(dataDir, 'source'))
  project = await makeProject()
})
afterEach(async () => {
  await service.stopAll(dataDir)
  await database.db.service.deleteMany()
  await rm(dataDir, { recursive: true, force: true })
})

async function release(version: string, over: Record<string, string> = {}, buildId?: string) {
  const id = buildId ?? (await makeBuild(project.id, { demoModel: true })).id
  const run = { start: ['node', 'server.js'], healthPath: '/healthz', memoryMb: 256, env: { VERSION: version, ...over } }
  return {
    id,
    outcome: await service.deploy(
      project.projectId,
      { buildId: id, sourceDir: join(dataDir, 'source'), run, monitoring: null },
      over.SICK ? sickGates : gates,
    ),
  }
}
const ask = async (path: string, method = 'GET', body?: string) => {
  const { socketPath } = await service.upstreamFor(project.slug)
  return JSON.parse((await unixRequest({ socketPath, path, method, body })).text)
}
const serviceCount = () => database.db.service.count({ where: { projectId: project.id } })
const view = () => service.serviceView(project.projectId)
const control = () => supervisorPlaces(dataDir, `service:${project.slug}`).controlSocket

test('a healthy version is put in use, and again gives the same outcome', async () => {
  const { id, outcome } = await release('1')
  expect(outcome).toEqual({ status: 'HEALTHY', reason: null })
  expect((await ask('/version')).version).toBe('1')
  const pid = (await supervisorsOf(dataDir))[0]?.pid
  expect((await release('1', {}, id)).outcome.status).toBe('HEALTHY')
  expect(await supervisorsOf(dataDir)).toMatchObject([{ pid, release: 1 }])
  expect(await view()).toMatchObject({ state: 'UP', current: { number: 1, build: 1, status: 'HEALTHY' } })
  expect(hub.publish).toHaveBeenCalledWith(`project:${project.id}`, { kind: 'service' })
})

test('a version that dies within its health checks fails, and the old one is never touched', async () => {
  await release('1')
  const before = await ask('/version')
  const { outcome } = await release('2', { DIE_AFTER_MS: '60' })
  expect(outcome.status).toBe('FAILED')
  expect(outcome.reason).toContain('dying on purpose')
  expect(await ask('/version')).toEqual(before)
  expect(await view()).toMatchObject({ state: 'UP', current: { number: 1 }, deployments: [{ number: 2, status: 'FAILED' }, { number: 1 }] })
  expect(existsSync(servicePlaces(dataDir, project.slug).candidateData(2))).toBe(false)
})

test('a version that is not well fails, and a service without another one was never deployed', async () => {
  const { outcome } = await release('1', { SICK: '1' })
  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('status 500') })
  expect(await view()).toMatchObject({ state: 'NEVER_DEPLOYED', current: null })
  expect((await service.upstreamFor(project.slug)).answer).toBe('undeployed')
})

test('data outlives a deployment', async () => {
  await release('1')
  await ask('/notes', 'POST', 'kept')
  await release('2')
  expect((await ask('/version')).version).toBe('2')
  expect((await ask('/notes')).notes).toHaveLength(1)
  expect((await view()).deployments).toMatchObject([
    { number: 2, status: 'HEALTHY', current: true },
    { number: 1, status: 'REPLACED' },
  ])
})

test('a version that fails on the real data gives way to the old one, with the data as it was', async () => {
  await release('1')
  await ask('/notes', 'POST', 'kept')
  // The copy passes because the mark appears in the real data only after it was made.
  const marked = until(async () => {
    if (!existsSync(join(servicePlaces(dataDir, project.slug).candidateData(2), 'data.json'))) return false
    await writeFile(join(servicePlaces(dataDir, project.slug).data, 'mark'), '')
    return true
  })
  const { outcome } = await release('2', { DIE_ON_DATA: 'mark', MIGRATE: '1' })
  await marked
  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('On the real data') })
  expect((await ask('/version')).version).toBe('1')
  expect((await ask('/notes')).notes).toHaveLength(1)
  expect(await view()).toMatchObject({ state: 'UP', current: { number: 1 } })
  expect((await readdir(servicePlaces(dataDir, project.slug).root)).sort()).toEqual(['data', 'releases', 'spool'])
})

test('a failed version leaves no release behind', async () => {
  expect((await release('1', { SICK: '1' })).outcome.status).toBe('FAILED')
  expect(await readdir(servicePlaces(dataDir, project.slug).releases)).toEqual([])
})

test('a version whose build is over without having said how it ended has failed', async () => {
  const build = await makeBuild(project.id, { status: 'ABORTED' })
  await database.db.deployment.create({ data: { projectId: project.id, number: 1, buildId: build.id, run: {} } })
  const going = await makeBuild(project.id, { status: 'RUNNING' })
  await database.db.deployment.create({ data: { projectId: project.id, number: 2, buildId: going.id, run: {} } })
  await service.adoptServices()
  expect((await view()).deployments.map(({ number, status }) => [number, status])).toEqual([
    [2, 'STARTING'],
    [1, 'FAILED'],
  ])
})

test('more services than there are connections can be changed at once', async () => {
  const pairs = Array.from({ length: 30 }, () => withServiceLock(project.projectId, () => serviceCount()))
  expect(await Promise.all(pairs)).toHaveLength(30)
})

test('the last five releases are kept', async () => {
  for (let version = 1; version <= 7; version++) await release(String(version))
  expect((await readdir(servicePlaces(dataDir, project.slug).releases)).sort()).toEqual(['3', '4', '5', '6', '7'])
})

test('a running service is adopted as it is; one that is gone is started again; a stopped one stays stopped', async () => {
  await release('1')
  const before = await ask('/version')
  await service.adoptServices()
  expect(await ask('/version')).toEqual(before)
  await endSupervisor(control())
  await service.adoptServices()
  await until(async () => (await ask('/version')).started > before.started)
  await service.stopService(project.projectId)
  await service.adoptServices()
  expect(await supervisorsOf(dataDir)).toEqual([])
  expect(await view()).toMatchObject({ state: 'STOPPED' })
  await service.startService(project.projectId, gates)
  expect((await ask('/version')).version).toBe('1')
})

test('a switch-over that was cut off is undone at the next start', async () => {
  await release('1')
  await ask('/notes', 'POST', 'kept')
  await release('2')
  const { id } = await database.db.deployment.findFirstOrThrow({ where: { projectId: project.id, number: 1 } })
  // As a kill between the start of version 2 and its record leaves it.
  await database.db.deployment.updateMany({ where: { projectId: project.id, number: 2 }, data: { status: 'STARTING' } })
  await database.db.service.update({ where: { projectId: project.id }, data: { state: 'STARTING', currentDeploymentId: id } })
  const { root, data } = servicePlaces(dataDir, project.slug)
  await writeTinyApp(join(root, 'data-before-2'))
  await writeFile(join(root, 'data-before-2', 'data.json'), await readFile(join(data, 'data.json')))
  await writeFile(join(data, 'data.json'), '{"notes":[]}')
  await service.adoptServices()
  await until(async () => (await ask('/version')).version === '1')
  expect((await ask('/notes')).notes).toHaveLength(1)
  expect(await view()).toMatchObject({ state: 'UP', current: { number: 1 } })
})

test('a later death changes the state of the service, not the outcome of its deployment', async () => {
  await release('1')
  await service.probeServices()
  expect(await view()).toMatchObject({ state: 'UP', checkedAt: expect.any(String) })
  await rm(servicePlaces(dataDir, project.slug).release(1), { recursive: true })
  await ask('/crash')
  await until(async () => {
    await service.probeServices()
    return (await view()).state === 'DOWN'
  })
  expect(await view()).toMatchObject({ reason: expect.stringMatching(/ended|answer/), current: { number: 1, status: 'HEALTHY' } })
})

test('a supervisor that was killed is replaced by the next look', async () => {
  await release('1')
  process.kill((await supervisorsOf(dataDir))[0]?.pid as number, 'SIGKILL')
  await until(async () => {
    await service.probeServices()
    return (await view()).state === 'UP' && (await ask('/version')).version === '1'
  })
})

test('a trial restarts on its data, resets to none, and says why it does not start', async () => {
  const sourceDir = join(dataDir, 'source')
  const run = { start: ['npm', 'start'], healthPath: '/healthz', memoryMb: 256, env: {} }
  const buildId = (await makeBuild(project.id, { demoModel: true })).id
  const input = { key: 'build-1', buildId, sourceDir, run, dataDir: join(dataDir, 'trial') }
  const trial = await service.startTrial(project.projectId, input)
  let heard = ''
  trial.onOutput((text) => {
    heard += text
  })
  expect(heard).toContain('tiny app 1 is up')
  const notes = async () => JSON.parse((await unixRequest({ socketPath: trial.socketPath, path: '/notes' })).text).notes
  await unixRequest({ socketPath: trial.socketPath, path: '/notes', method: 'POST', body: 'x' })
  await trial.restart()
  expect(await notes()).toHaveLength(1)
  await trial.reset()
  expect(await notes()).toEqual([])
  await trial.stop()
  expect(await supervisorsOf(dataDir)).toEqual([])
  const broken = service.startTrial(project.projectId, { ...input, run: { ...run, env: { DIE_ON_DATA: '.' } } })
  await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('cannot read the data') })
})
