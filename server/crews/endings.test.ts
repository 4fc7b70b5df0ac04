import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { register, registry } from '@/server/core/registry.ts'
import { supervisorsOf } from '@/server/deployments/launchers/supervised.ts'
import { type CrewWorld, startCrewWorld } from '@/server/testing/crew-world.ts'
import {
  backendCalls,
  file,
  liars,
  notesCrew,
  notesFiles,
  notesTests,
  nothingBuilt,
  specification,
  testsFile,
  thirdCriterion,
  writes,
} from '@/server/testing/notes-crew.ts'
import type { Voice } from '@/server/testing/scripted-model.ts'
import { until } from '@/server/testing/until.ts'

let crew: CrewWorld
beforeAll(async () => {
  crew = await startCrewWorld(
    notesCrew({
      'product-strategist': () => ({ document: specification(thirdCriterion) }),
      'qa-engineer': writes(testsFile(notesTests)),
    }),
  )
})
afterAll(() => crew?.stop())

const addNote = (text: string) => crew.project.ask('/api/notes', 'POST', { text })
const deployedBuild = async () => (await crew.project.service()).current?.build
const stageKeys = (view: { stages: { key: string; status: string }[] }) =>
  view.stages.filter(({ status }) => status !== 'NOT_BUILT').map(({ key }) => key)

/** A backend developer whose n-th round writes the n-th of these servers, the last one from then on. */
function rounds(...servers: string[]): Voice {
  let round = -1
  return (talk) => {
    if (talk.turn === 0) round++
    const source = servers[Math.min(round, servers.length - 1)]
    return writes(...backendCalls(source))(talk)
  }
}
const { server } = notesFiles
const noCreate = server.replace("app.post('/api/notes'", "app.post('/api/other'")
const noRefusal = server.replace('if (message)', 'if (false)')
const noList = server.replace("app.get('/api/notes'", "app.get('/api/other'")

let before: number | undefined
beforeEach(async () => {
  before = await deployedBuild()
})

test('all criteria green: SUCCESS, deployed, handed over, and nothing is left behind', async () => {
  const { project, world } = crew
  const view = await project.view(1)
  expect(view).toMatchObject({ status: 'SUCCESS', reason: null, executor: 'sandbox', demoModel: false })
  expect(view.criteria.map(({ id, result }) => `${id} ${result}`)).toEqual(['AC-1 passed', 'AC-2 passed', 'AC-3 passed'])
  expect(view.stages.map(({ status }) => status)).toEqual(view.stages.map(() => 'SUCCESS'))
  expect(await deployedBuild()).toBe(view.number)
  expect((await addNote('by hand')).status).toBe(201)
  const names = view.artifacts.map(({ name }) => name)
  for (const name of [
    'specification.md',
    'architecture.md',
    'tasks.md',
    'operations.md',
    'changes.diff',
    'test-report.json',
    'source.tar.gz',
  ])
    expect(names).toContain(name)
  expect(view.roles.map(({ role }) => role).sort()).toEqual([
    'architect',
    'backend-developer',
    'code-reviewer',
    'devops-engineer',
    'frontend-developer',
    'product-strategist',
    'qa-engineer',
  ])
  expect(view.spentMicros).toBeGreaterThan(0)
  expect((await project.service()).monitoring).toMatchObject({ thresholds: { cpu: 0.8, memory: 0.85, errorRate: 0.05 } })
  const buildId = await project.buildId(view.number)
  expect(await world.leftovers(buildId)).toBe(0)
  expect((await supervisorsOf(world.dataDir)).map(({ key }) => key)).toEqual([`service:${project.slug}`])
  await until(() => !existsSync(join(world.dataDir, 'work', buildId)) && !existsSync(join(world.dataDir, 'workspaces', buildId)))
})

test('nothing readable of the issue, the documents or the code stands in the tables of the executor', async () => {
  await crew.world.executor.idle()
  const text = await crew.world.executorText()
  expect(text).toContain('crew-build')
  for (const words of ['whole team', 'Notes', 'api/notes', 'hono', 'A note that is added', 'flowchart', 'import ', 'acceptance/'])
    expect(text).not.toContain(words)
})

test('criteria without a test that counts: UNSTABLE with the list, deployed and marked', async () => {
  const unproven = ['AC-3', 'AC-4', 'AC-5'].map((id) => ({ id, text: `Nobody can test ${id}.`, derived: true }))
  const tests = {
    ...{ 'AC-1': notesTests['AC-1'], 'AC-2': notesTests['AC-2'] },
    passes: `test('[AC-4] passes without any code', async () => assert.equal((await request('GET', '/healthz')).status, 200))`,
    throws: `test('[AC-5] throws', async () => { throw new Error('not an assertion') })`,
  }
  const view = await crew.build({
    'product-strategist': () => ({ document: specification(...unproven) }),
    'qa-engineer': writes(testsFile(tests)),
  })
  expect(view).toMatchObject({ status: 'UNSTABLE', reason: 'Not verified: AC-3, AC-4, AC-5.' })
  expect(view.criteria.slice(2)).toMatchObject([
    { id: 'AC-3', result: 'unverified', detail: 'no test' },
    { id: 'AC-4', result: 'unverified', detail: expect.stringContaining('passes without any code') },
    { id: 'AC-5', result: 'unverified', detail: expect.stringContaining('not an assertion') },
  ])
  expect(await deployedBuild()).toBe(view.number)
})

test('red after three rounds of repairs: FAILURE, not deployed, and the old version stays', async () => {
  const view = await crew.build({ 'backend-developer': rounds(noCreate, noRefusal, noList, noRefusal) })
  expect(view).toMatchObject({ status: 'FAILURE', reason: 'Red criteria: AC-2.' })
  expect(stageKeys(view)).toEqual(expect.arrayContaining(['tests', 'tests-2', 'tests-3', 'tests-4']))
  expect(stageKeys(view)).not.toContain('deployment')
  expect(await deployedBuild()).toBe(before)
  expect((await addNote('still here')).status).toBe(201)
})

test('a developer that only claims that all is done: red; a round that repeats the same failure ends the repairs', async () => {
  const { 'backend-developer': liar } = liars
  const view = await crew.build({ 'backend-developer': liar as Voice })
  expect(view).toMatchObject({ status: 'FAILURE', reason: 'Red criteria: AC-1, AC-2. A round of repairs changed nothing about it.' })
  expect(stageKeys(view)).toContain('tests-2')
  expect(stageKeys(view)).not.toContain('tests-3')
  expect(await crew.project.console(view.number)).toContain('all acceptance tests pass')
  expect(await deployedBuild()).toBe(before)
})

test('mended in a round of repairs: SUCCESS; both developers were told what was red, and what the app said', async () => {
  const told: string[] = []
  const mend = rounds(noCreate.replace("app.get('/api/notes'", "console.error('TypeError: on purpose')\napp.get('/api/notes'"), server)
  const listen =
    (voice: Voice): Voice =>
    (talk) => {
      if (talk.turn === 0 && talk.blocks.failures) told.push(`${talk.role} ${JSON.stringify(talk.blocks.failures)}`)
      return voice(talk)
    }
  const view = await crew.build({
    'backend-developer': listen(mend),
    'frontend-developer': listen(writes(file('public/index.html', '<!doctype html><title>Mended</title>\n'))),
  })
  expect(view.status).toBe('SUCCESS')
  expect(told).toHaveLength(2)
  for (const words of ['AC-1', '404 !== 201', 'on purpose']) expect(told.join()).toContain(words)
  expect(view.stages.find(({ key }) => key === 'tests')?.status).toBe('FAILURE')
  expect(view.stages.find(({ key }) => key === 'tests-2')?.status).toBe('SUCCESS')
  expect(await deployedBuild()).toBe(view.number)
})

test("the app's own red unit tests: FAILURE, and their output goes back to the developers", async () => {
  let failures = ''
  const red = "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\ntest('sums add up', () => assert.equal(1, 2))\n"
  const view = await crew.build({
    'backend-developer': (talk) => {
      failures = JSON.stringify(talk.blocks.failures ?? failures)
      return writes(...backendCalls(), file('test/sums.test.js', red))(talk)
    },
  })
  expect(view).toMatchObject({ status: 'FAILURE', reason: 'Red checks: npm test passes. A round of repairs changed nothing about it.' })
  expect(failures).toContain('sums add up')
  expect(view.criteria.every(({ result }) => result === 'passed')).toBe(true)
  expect(await deployedBuild()).toBe(before)
})

test('a budget that is spent: ABORTED with the reason', async () => {
  const view = await crew.build({}, 10_000)
  expect(view).toMatchObject({ status: 'ABORTED', reason: 'The budget of this build is spent.', abortedBy: null })
  expect(view.spentMicros).toBeGreaterThanOrEqual(10_000)
  expect(stageKeys(view)).toEqual(['specification', 'architecture', 'tasks'])
  expect(await deployedBuild()).toBe(before)
})

test('developers who change nothing: FAILURE, in words', async () => {
  const view = await crew.build(liars)
  expect(view).toMatchObject({ status: 'FAILURE', reason: nothingBuilt })
  expect(stageKeys(view).at(-1)).toBe('integration')
})

test('what breaks for good on our side: FAILURE in words, and the words of the fault stay out of the executor', async () => {
  const objects = registry('objects')
  const put = () => Promise.reject(new Error('the disk is full of secrets'))
  register({ objects: { ...objects, put } })
  const view = await crew.build().finally(() => register({ objects }))
  expect(view).toMatchObject({ status: 'FAILURE', reason: 'The build broke, also after several tries. It was recorded.' })
  expect(view.stages[0]?.steps[0]?.attempt).toBe(3)
  expect(view.stages.some(({ status }) => status === 'RUNNING' || status === 'QUEUED')).toBe(false)
  await crew.world.executor.idle()
  expect(await crew.world.executorText()).not.toContain('full of secrets')
})
