import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { endLeases } from '@/server/testing/leases.ts'
import { testProgram } from '@/server/testing/programs.ts'
import { until } from '@/server/testing/until.ts'
import { findMarked } from './executors/processes.ts'
import { sandboxExecutor } from './executors/sandbox.ts'
import { makeBuildFunctions } from './jobs.ts'
import { definitionSchema } from './schema.ts'
import { abortBuild, buildView, requestBuild } from './service.ts'

const dataDir = vi.hoisted(() => {
  const path = `/tmp/maestro-killed-${process.pid}-${Date.now()}`
  process.env.MAESTRO_DATA_DIR = path
  process.env.MAESTRO_UNSAFE_EXECUTOR = '1'
  return path
})
const masterKey = randomBytes(32)
const { ok: sandboxed } = await sandboxExecutor(dataDir).trial()

let database: TestDatabase
let executor: Executor
let projectId: ProjectId
let actorId: ActorId
const servers: ChildProcess[] = []

beforeAll(async () => {
  database = await testDatabase()
  const client = makeInngest(parseEnv({}), silent)
  register({ ...testKeys(masterKey), hub: await openPostgresHub(database.url), inngest: client })
  register({ ai: noAi })
  // This process knows the functions, so that what it sends starts them, and takes no work itself.
  const functions = makeBuildFunctions(client)
  executor = await startExecutor({ pool: database.pool, inngest: client, functions, clock: registry('clock'), log: silent, concurrency: 0 })
  const project = await makeProject()
  projectId = project.projectId
  actorId = project.actorId
})
afterAll(async () => {
  for (const server of servers) server.kill('SIGKILL')
  await executor.stop()
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

async function startServer(): Promise<ChildProcess> {
  const server = fork(testProgram('build-server'), [database.url, masterKey.toString('hex')], { execArgv: [] })
  servers.push(server)
  await once(server, 'message')
  return server
}
async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}
const view = (number: number) => buildView(projectId, number)

async function request(definition: unknown) {
  return requestBuild(projectId, {
    requestId: randomUUID(),
    kind: 'PIPELINE',
    cause: 'test',
    definition: definitionSchema.parse(definition),
  })
}
const stepsOf = async (number: number) => (await view(number)).stages.flatMap((stage) => stage.steps)
async function runningStep(number: number, name: string): Promise<void> {
  const find = async () => (await stepsOf(number)).some((step) => step.name === name && step.status === 'RUNNING')
  await until(find).catch(async (error) => {
    throw new Error(JSON.stringify(await view(number)), { cause: error })
  })
}

test.each(sandboxed || process.env.CI ? (['process', 'sandbox'] as const) : (['process'] as const))(
  'a server killed in the middle of a command: the command’s former self is ended, it runs again, and no earlier one does (%s)',
  async (name) => {
    const first = await startServer()
    const once = { name: 'once', run: 'echo ran >> counted; test $(wc -l < counted) = 1' }
    const long = { name: 'long', run: 'if test -e seen; then echo second time; else touch seen; sleep 6000; fi' }
    const { buildId, number } = await request({
      executor: name,
      stages: [{ name: 'Work', steps: [once, long, { name: 'after', run: 'cat counted' }] }],
    })
    await runningStep(number, 'long')
    const key = `${buildId}/1-work/2`
    await until(() => existsSync(join(dataDir, 'workspaces', buildId, 'seen')))
    const before = await findMarked(key)
    await kill(first)
    await endLeases(database.pool)
    await startServer()
    const done = await until(async () => (await view(number)).status === 'SUCCESS' && (await view(number)))
    expect(done.stages[0]?.steps.map((step) => [step.name, step.status, step.attempt])).toEqual([
      ['once', 'SUCCESS', 1],
      ['long', 'SUCCESS', 2],
      ['after', 'SUCCESS', 1],
    ])
    expect((await findMarked(key)).filter((pid) => before.includes(pid))).toEqual([])
    for (const server of servers.splice(0)) await kill(server)
  },
)

test('a build is aborted from another process than the one that runs it', async () => {
  await startServer()
  const { buildId, number } = await request({
    executor: 'process',
    stages: [{ name: 'Work', steps: [{ name: 'long', run: 'sleep 6000' }] }],
  })
  await runningStep(number, 'long')
  await abortBuild(projectId, actorId, number)
  expect((await view(number)).status).toBe('ABORTED')
  await until(async () => (await findMarked(`${buildId}/1-work/1`)).length === 0)
})
