import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { abortBuild } from '@/server/builds/service.ts'
import { supervisorsOf } from '@/server/deployments/launchers/supervised.ts'
import { type CrewWorld, startCrewWorld } from '@/server/testing/crew-world.ts'
import { backendCalls, notesCrew, notesFiles, notesTests, operations, testsFile, writes } from '@/server/testing/notes-crew.ts'
import type { Script, Voice } from '@/server/testing/scripted-model.ts'
import { until } from '@/server/testing/until.ts'

let crew: CrewWorld
let deployed: number | undefined
let release: () => void = () => undefined
beforeAll(async () => {
  crew = await startCrewWorld()
  deployed = (await crew.project.service()).current?.build
})
afterAll(() => crew?.stop())
afterEach(() => release())

/** A voice that says nothing until the test is over. */
function mute(): Voice {
  const over = new Promise<void>((resolve) => {
    release = resolve
  })
  return () => over.then(() => ({ text: '' }))
}

type Case = [stage: string, step: string, script: () => Partial<Script>]
const asks = (stage: string, step: string, role: keyof Script): Case => [stage, step, () => ({ [role]: mute() })]

const slowTest = `test('[AC-1] never ends', async () => {
  assert.equal((await request('GET', '/api/notes')).status, 200)
  await new Promise((resolve) => setTimeout(resolve, 50_000))
})`
const silent = operations()
silent.run.healthPath = '/never'
const neverAnswers = notesFiles.server.replace("app.get('/healthz'", "app.get('/never', () => new Promise(() => {}))\napp.get('/healthz'")
const listensNever = `${notesFiles.server
  .split('\n')
  .slice(0, -3)
  .join('\n')
  .replace(/serve\(\{.*/, '')}\nsetInterval(() => {}, 1000)\n`

const stages: Case[] = [
  asks('specification', 'ask', 'product-strategist'),
  asks('acceptance-tests', 'work', 'qa-engineer'),
  asks('backend', 'work', 'backend-developer'),
  ['acceptance-tests', 'install', () => ({})],
  ['acceptance-tests', 'baseline', () => ({})],
  [
    'tests',
    'unit',
    () => ({
      'backend-developer': writes(...backendCalls(), ['write_file', { path: 'test/slow.test.js', content: 'setTimeout(() => {}, 50000)' }]),
    }),
  ],
  ['tests', 'acceptance', () => ({ 'qa-engineer': writes(testsFile({ 'AC-1': slowTest, 'AC-2': notesTests['AC-2'] })) })],
  ['tests', 'acceptance', () => ({ 'backend-developer': writes(...backendCalls(listensNever)) })],
  asks('review', 'ask-1', 'code-reviewer'),
  [
    'deployment',
    'deploy',
    () => ({ 'backend-developer': writes(...backendCalls(neverAnswers)), 'devops-engineer': () => ({ document: silent }) }),
  ],
]

test.each(stages)('aborted in the stage %s, step %s: ABORTED at once, and nothing is left running', async (stage, step, script) => {
  const { project, model, world } = crew
  model.follow(notesCrew(script()))
  // What was installed once is kept and takes no time any more: this installation is to be caught at work.
  if (step === 'install') await rm(join(world.dataDir, 'modules'), { recursive: true })
  const number = await project.build()
  await until(() => project.stepRuns(number, stage, step), { timeoutMs: 120_000, what: `the step ${step} of ${stage}` })
  const buildId = await project.buildId(number)
  await abortBuild(project.projectId, world.actorId, number)
  const view = await project.view(number)
  expect(view).toMatchObject({ status: 'ABORTED', reason: 'Aborted by a person.', abortedBy: 'A Person' })
  expect(view.stages.find(({ key }) => key === stage)?.status).toBe('ABORTED')
  expect(view.stages.some(({ status }) => status === 'RUNNING' || status === 'QUEUED')).toBe(false)
  await world.executor.idle()
  const gone = (what: string, ask: () => boolean | Promise<boolean>) => until(ask, { what: `the end of ${what}` })
  await gone('its commands', async () => (await world.leftovers(buildId)) === 0)
  const supervisors = async () => (await supervisorsOf(world.dataDir)).map(({ key }) => key).join()
  await gone('its apps', async () => (await supervisors()) === `service:${project.slug}`)
  for (const folder of ['work', 'workspaces']) await gone(`its ${folder}`, () => !existsSync(join(world.dataDir, folder, buildId)))
  expect((await project.service()).current?.build).toBe(deployed)
  expect(await project.view(number)).toMatchObject({ status: 'ABORTED' })
})

test('aborted in the queue: ABORTED without ever having begun', async () => {
  const { project, model, world } = crew
  model.follow(notesCrew({ 'product-strategist': mute() }))
  const [first, second] = [await project.build(), await project.build()]
  const running = (number: number) => project.stepRuns(number, 'specification', 'ask')
  await until(async () => (await running(first)) && (await running(second)))
  const third = await project.build()
  await abortBuild(project.projectId, world.actorId, third)
  expect(await project.view(third)).toMatchObject({ status: 'ABORTED', startedAt: null, stages: [] })
  for (const number of [first, second]) await abortBuild(project.projectId, world.actorId, number)
  await world.executor.idle()
  expect((await project.view(third)).status).toBe('ABORTED')
})
