import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { servicePlaces } from '@/server/deployments/launchers/places.ts'
import { supervisorsOf } from '@/server/deployments/launchers/supervised.ts'
import { storedRun } from '@/server/deployments/records/records.ts'
import { probeServices } from '@/server/deployments/service.ts'
import { type CrewWorld, startCrewWorld } from '@/server/testing/crew-world.ts'
import { backendCalls, notesFiles, operations, writes } from '@/server/testing/notes-crew.ts'
import { until } from '@/server/testing/until.ts'

let crew: CrewWorld
let before: number | undefined
beforeAll(async () => {
  crew = await startCrewWorld()
})
afterAll(() => crew?.stop())
beforeEach(async () => {
  before = await deployedBuild()
})

const deployedBuild = async () => (await crew.project.service()).current?.build
const services = async () => (await supervisorsOf(crew.world.dataDir)).map(({ key }) => key)

test('an app that dies before it is healthy: FAILURE with its last words, and the old version stays in use', async () => {
  const { project } = crew
  await project.ask('/api/notes', 'POST', { text: 'kept' })
  const view = await crew.build({ 'devops-engineer': () => ({ document: operations({ DIE_AFTER_MS: '60' }) }) })
  expect(view).toMatchObject({ status: 'FAILURE', reason: expect.stringContaining('dying on purpose') })
  expect(view.criteria.every(({ result }) => result === 'passed')).toBe(true)
  expect(view.stages.at(-1)).toMatchObject({ key: 'monitoring', status: 'NOT_BUILT' })
  expect(await deployedBuild()).toBe(before)
  expect(await project.service()).toMatchObject({ state: 'UP', deployments: [{ build: view.number, status: 'FAILED' }, { build: before }] })
  expect((await project.ask('/api/notes')).text).toContain('kept')
  expect(await services()).toEqual([`service:${project.slug}`])
})

test('a new version takes over with the data; a run description that would run something else is put right', async () => {
  const hostile = operations({ LD_PRELOAD: '/workspace/evil.so', NODE_OPTIONS: '--require ./evil.js', PORT: '1', GREETING: 'hello' })
  hostile.run.start = ['sh', '-c', 'cat /etc/passwd; exec node evil.js']
  const more = notesFiles.server.replace("app.get('/healthz'", "app.get('/version', (c) => c.json({ version: 2 }))\napp.get('/healthz'")
  const view = await crew.build({ 'backend-developer': writes(...backendCalls(more)), 'devops-engineer': () => ({ document: hostile }) })
  expect(view.status).toBe('SUCCESS')
  expect((await crew.project.ask('/version')).text).toBe('{"version":2}')
  expect((await crew.project.ask('/api/notes')).text).toContain('kept')
  const stored = await crew.database.db.deployment.findFirstOrThrow({ orderBy: { number: 'desc' } })
  expect(stored.run).toBeNull()
  const run = await storedRun(crew.project.projectId, stored)
  expect(run).toMatchObject({ start: ['npm', 'start'], env: { GREETING: 'hello' } })
  expect(Object.keys(run?.env ?? {})).toEqual(['GREETING'])
  const console = await crew.project.console(view.number)
  for (const words of ['as it was tested', 'LD_PRELOAD is not set', 'NODE_OPTIONS is not set', 'PORT is not set'])
    expect(console).toContain(words)
})

test('an app that dies after the deployment changes the state of the service, not the end of the build', async () => {
  const { project, world } = crew
  const mortal = notesFiles.server.replace("app.get('/healthz'", "app.get('/crash', () => process.exit(1))\napp.get('/healthz'")
  const view = await crew.build({ 'backend-developer': writes(...backendCalls(mortal)) })
  expect(view.status).toBe('SUCCESS')
  const { number } = (await project.service()).current ?? { number: 0 }
  const release = servicePlaces(world.dataDir, project.slug).release(number)
  await rename(release, `${release}.away`)
  await project.ask('/crash').catch(() => undefined)
  const look = (state: string) =>
    until(async () => {
      await probeServices()
      return (await project.service()).state === state
    })
  await look('DOWN')
  expect(await project.view(view.number)).toMatchObject({ status: 'SUCCESS' })
  expect(await deployedBuild()).toBe(view.number)
  await rename(`${release}.away`, release)
  await look('UP')
})
