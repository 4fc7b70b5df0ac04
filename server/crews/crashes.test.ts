import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { supervisorsOf } from '@/server/deployments/launchers/supervised.ts'
import { stopAll } from '@/server/deployments/service.ts'
import type { CrewNodeOrder } from '@/server/testing/crew-node.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { endLeases } from '@/server/testing/leases.ts'
import { notesCrew } from '@/server/testing/notes-crew.ts'
import { testProgram } from '@/server/testing/programs.ts'
import { type Script, type ScriptedModel, startScriptedModel, type Voice } from '@/server/testing/scripted-model.ts'
import { until } from '@/server/testing/until.ts'
import { findProject, startWorld, type World, type WorldProject } from '@/server/testing/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

let database: TestDatabase
let model: ScriptedModel
let dataDir: string
let world: World | undefined
const nodes: ChildProcess[] = []
const asked: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-crash-'))
  await chmod(dataDir, 0o711)
})
afterAll(async () => {
  for (const node of nodes) node.kill('SIGKILL')
  await world?.stop()
  await model?.stop()
  await stopAll(dataDir)
  await rm(dataDir, { recursive: true, force: true })
  await database.drop()
})

const order = (): CrewNodeOrder => ({
  url: database.url,
  dataDir,
  model: { baseUrl: model.url, apiKey: 'key', demo: false },
  leaseMs: 30_000,
})

/** Starts a server; gives its process and the name of the service it made, if it was to make one. */
async function startNode(issue?: CrewNodeOrder['issue']): Promise<{ child: ChildProcess; slug: string }> {
  const text = JSON.stringify({ ...order(), ...(issue ? { issue } : {}) })
  const child = spawn(process.execPath, [testProgram('crew-node'), text], { stdio: ['ignore', 'pipe', 'inherit'] })
  nodes.push(child)
  const [said] = await once(child.stdout as NodeJS.ReadableStream, 'data')
  return { child, slug: String(said).trim().split(' ')[1] ?? '' }
}

async function kill({ child }: { child: ChildProcess }): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  await endLeases(database.pool)
}

/** The crew, whose roles of one kind say nothing as long as `muted` names them; who is asked what is written down. */
function crewOf(muted: () => string): Script {
  const voices = Object.entries(notesCrew()).map(([role, voice]): [string, Voice] => [
    role,
    async (talk) => {
      if (talk.turn === 0 && talk.retries === 0) asked.push(`${role}${talk.wanted.includes('tasks') ? ' tasks' : ''}`)
      if (muted() && role.endsWith(muted())) await new Promise(() => undefined)
      return voice(talk)
    },
  ])
  return Object.fromEntries(voices) as Script
}

const running = (project: WorldProject, stage: string, step: string) =>
  until(() => project.stepRuns(1, stage, step), { timeoutMs: 120_000, what: `the step ${step} of ${stage}` })

const times = (who: string) => asked.filter((name) => name === who).length

test('a server killed in six stages of one build: each next one goes on, and nothing that was done is done again', async () => {
  let muted = 'strategist'
  model = await startScriptedModel(crewOf(() => muted))
  let node = await startNode({ title: 'Notes', body: '' })
  const project = await findProject(node.slug)
  await running(project, 'specification', 'ask')
  await until(() => times('product-strategist') === 1)
  await kill(node)

  muted = ''
  node = await startNode()
  await running(project, 'acceptance-tests', 'baseline')
  await kill(node)

  muted = 'developer'
  node = await startNode()
  await Promise.all([running(project, 'frontend', 'work'), running(project, 'backend', 'work')])
  await until(() => times('frontend-developer') === 1 && times('backend-developer') === 1)
  await kill(node)

  muted = ''
  node = await startNode()
  await running(project, 'tests', 'acceptance')
  await kill(node)

  muted = 'reviewer'
  node = await startNode()
  await running(project, 'review', 'ask-1')
  await until(() => times('code-reviewer') === 1)
  await kill(node)

  muted = ''
  node = await startNode()
  await running(project, 'deployment', 'deploy')
  await kill(node)

  world = await startWorld(order())
  const view = await project.final(1, 120_000)
  expect(view).toMatchObject({ status: 'SUCCESS', reason: null })
  expect(view.stages.map(({ status }) => status)).toEqual(view.stages.map(() => 'SUCCESS'))
  expect(view.stages.flatMap(({ steps }) => steps).map(({ status }) => status)).not.toContain('RUNNING')
  const attempts = (stage: string, step: string) =>
    view.stages.find(({ key }) => key === stage)?.steps.find(({ key }) => key === step)?.attempt
  for (const [stage, step] of [
    ['specification', 'ask'],
    ['acceptance-tests', 'baseline'],
    ['backend', 'work'],
    ['tests', 'acceptance'],
    ['review', 'ask-1'],
  ])
    expect(attempts(stage as string, step as string), `${stage} ${step}`).toBe(2)
  expect(attempts('architecture', 'ask')).toBe(1)
  expect(attempts('integration', 'merge')).toBe(1)
  // Stages that were over are not asked for again; the six that were cut off are.
  expect([times('product-strategist'), times('architect'), times('architect tasks'), times('backend-developer')]).toEqual([2, 1, 1, 2])
  expect((await project.ask('/api/notes', 'POST', { text: 'x' })).status).toBe(201)
  expect(await project.service()).toMatchObject({ state: 'UP', deployments: [{ number: 1, status: 'HEALTHY' }] })
  expect((await supervisorsOf(dataDir)).map(({ key }) => key)).toEqual([`service:${project.slug}`])
  expect(await world.leftovers(await project.buildId(1))).toBe(0)
  const console = await project.console(1)
  expect(console).toContain('begun again (2)')
  expect(console).toContain('+ Write the run description')
})
