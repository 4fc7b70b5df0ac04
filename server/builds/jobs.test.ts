import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { access, chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { rawStream } from '@/server/streams/service.ts'
import { noAi } from '@/server/testing/ai.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeBuild, makeProject, makeUser } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { until } from '@/server/testing/until.ts'
import { makeBuildFunctions } from './jobs.ts'
import { definitionSchema } from './schema.ts'
import { abortBuild, buildView, jobs, listBuilds, requestBuild, startBuild, sweepBuilds } from './service.ts'

const dataDir = vi.hoisted(() => {
  const path = `/tmp/maestro-jobs-${process.pid}-${Date.now()}`
  process.env.MAESTRO_DATA_DIR = path
  process.env.MAESTRO_UNSAFE_EXECUTOR = '1'
  return path
})

let database: TestDatabase
let executor: Executor
let projectId: ProjectId
let actorId: ActorId
let service: string

beforeAll(async () => {
  database = await testDatabase()
  const client = makeInngest(parseEnv({}), silent)
  register({ ...testKeys(), hub: await openPostgresHub(database.url), inngest: client })
  register({ ai: noAi })
  const { pool } = database
  const functions = makeBuildFunctions(client)
  executor = await startExecutor({ pool, inngest: client, functions, clock: registry('clock'), log: silent, pollMs: 15, backoffMs: [1] })
  const project = await makeProject()
  projectId = project.projectId
  actorId = project.actorId
  service = project.slug
})
afterAll(async () => {
  await executor.stop()
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

type Given = Parameters<typeof definitionSchema.parse>[0]
const command = (run: string, more = {}) => ({ name: run.slice(0, 40), run, ...more })

async function build(definition: Given): Promise<number> {
  const input = { requestId: randomUUID(), kind: 'PIPELINE' as const, cause: 'test', definition: definitionSchema.parse(definition) }
  return (await requestBuild(projectId, input)).number
}
const view = (number: number) => buildView(projectId, number, 'OWNER')
const ended = (number: number) =>
  until(async () => {
    const seen = await view(number)
    return !['QUEUED', 'RUNNING'].includes(seen.status) && seen
  })
const running = (number: number) =>
  until(async () => (await view(number)).stages.some((stage) => stage.steps.some((step) => step.status === 'RUNNING')))

const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')

async function consoleOf(number: number, tag?: string): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of rawStream(projectId, (await view(number)).streamId, tag)) parts.push(part)
  return Buffer.concat(parts).toString().replaceAll(colour, '')
}
const statuses = (seen: Awaited<ReturnType<typeof view>>) => seen.stages.map((stage) => [stage.key, stage.status])
const process_ = { executor: 'process' }

describe('a plain definition', () => {
  test('green: stages in order, each command once, its output between its line and its end', async () => {
    const number = await build({
      ...process_,
      env: { GREETING: 'hello' },
      stages: [
        { name: 'Build', steps: [command('echo "$GREETING"; echo oops >&2'), command('echo two', { env: { GREETING: 'other' } })] },
        { name: 'Test', steps: [command('echo "$GREETING" from $PWD; cat made || touch made')] },
      ],
    })
    const seen = await ended(number)
    expect([seen.status, seen.reason, seen.executor]).toEqual(['SUCCESS', null, 'process'])
    expect(statuses(seen)).toEqual([
      ['1-build', 'SUCCESS'],
      ['2-test', 'SUCCESS'],
    ])
    expect(seen.stages[0]?.steps.map((step) => [step.status, step.exitCode, step.attempt])).toEqual([
      ['SUCCESS', 0, 1],
      ['SUCCESS', 0, 1],
    ])
    expect(await consoleOf(number, '1-build')).toMatch(
      /^\+ echo .*\nhello\noops\n\(echo .*s\)\n\+ echo two\ntwo\n\(echo two, [\d.]+ s\)\n$/,
    )
    expect((await consoleOf(number)).split('\n').filter((line) => line.startsWith('+ '))).toHaveLength(3)
    for (const time of [seen.startedAt, seen.endedAt, seen.stages[1]?.startedAt, seen.stages[1]?.steps[0]?.endedAt])
      expect(time).toBeTruthy()
    await until(async () => (await readdir(join(dataDir, 'workspaces'))).length === 0)
  })

  test('red: the stage fails with its reason, what comes after is not built', async () => {
    const number = await build({
      ...process_,
      stages: [
        { name: 'One', steps: [command('true'), command('echo bad; exit 3'), command('echo never')] },
        { name: 'Two', steps: [command('echo never')] },
      ],
    })
    const seen = await ended(number)
    expect(seen.status).toBe('FAILURE')
    expect(statuses(seen)).toEqual([
      ['1-one', 'FAILURE'],
      ['2-two', 'NOT_BUILT'],
    ])
    expect(seen.stages[0]?.steps.map((step) => [step.status, step.exitCode])).toEqual([
      ['SUCCESS', 0],
      ['FAILURE', 3],
    ])
    expect(await consoleOf(number)).not.toContain('never\n')
    expect(await consoleOf(number)).toContain('exit code 3')
  })

  test('branches run side by side, and one red branch lets the others end', async () => {
    const meet = (own: string, other: string) =>
      command(`touch ${own}; for i in $(seq 200); do test -e ${other} && exit 0; sleep 0.05; done; exit 9`)
    const number = await build({
      ...process_,
      stages: [
        {
          name: 'Both',
          parallel: [
            { name: 'left', steps: [meet('l', 'r'), command('echo left')] },
            { name: 'right', steps: [meet('r', 'l'), command('exit 1')] },
          ],
        },
        { name: 'After', steps: [command('true')] },
      ],
    })
    const seen = await ended(number)
    expect(seen.status).toBe('FAILURE')
    expect(statuses(seen)).toEqual([
      ['1-1-left', 'SUCCESS'],
      ['1-2-right', 'FAILURE'],
      ['2-after', 'NOT_BUILT'],
    ])
    expect(seen.stages.map((stage) => stage.branch)).toEqual(['left', 'right', null])
  })

  test('a command that runs too long, prints too much or takes too much is ended, and the build is red with the reason', async () => {
    const number = await build({ ...process_, stages: [{ name: 'Slow', steps: [command('sleep 60', { timeoutMs: 150 })] }] })
    const seen = await ended(number)
    expect([seen.status, seen.stages[0]?.steps[0]?.status]).toEqual(['FAILURE', 'FAILURE'])
    expect(seen.stages[0]?.steps[0]?.reason).toContain('ran out of time')
    for (const [env, words] of [
      [{ FAKE_OUT_OF_MEMORY: '1' }, 'out of memory'],
      [{ FAKE_LOST: '1' }, 'vanished'],
      [{ FAKE_EXIT_CODE: '7' }, 'exit code 7'],
    ] as const) {
      const fake = await ended(await build({ executor: 'fake', env, stages: [{ name: 'Fake', steps: [command('x')] }] }))
      expect([fake.status, fake.stages[0]?.steps[0]?.reason]).toEqual(['FAILURE', expect.stringContaining(words)])
    }
  })
})

describe('abort', () => {
  test('while a command runs: it is ended, the rest is not built, and who did it is recorded', async () => {
    const number = await build({
      ...process_,
      stages: [
        { name: 'Long', steps: [command('echo begun; sleep 6000')] },
        { name: 'Next', steps: [command('true')] },
      ],
    })
    await running(number)
    await abortBuild(projectId, actorId, number)
    const seen = await ended(number)
    expect([seen.status, seen.abortedBy, seen.canAbort]).toEqual(['ABORTED', 'A Person', false])
    expect(statuses(seen)).toEqual([
      ['1-long', 'ABORTED'],
      ['2-next', 'NOT_BUILT'],
    ])
    expect(seen.stages[0]?.steps[0]?.status).toBe('ABORTED')
    await abortBuild(projectId, actorId, number)
  })

  test('in the queue: nothing of it ever runs', async () => {
    const slow = { ...process_, stages: [{ name: 'Slow', steps: [command('sleep 120')] }] }
    const busy = [await build(slow), await build(slow)]
    for (const number of busy) await running(number)
    const queued = await build({ ...process_, stages: [{ name: 'Never', steps: [command('true')] }] })
    await abortBuild(projectId, actorId, queued)
    expect(await view(queued)).toMatchObject({ status: 'ABORTED', startedAt: null, stages: [] })
    for (const number of busy) await abortBuild(projectId, actorId, number)
    await executor.idle()
    expect((await view(queued)).status).toBe('ABORTED')
  })

  test('between steps and side by side', async () => {
    const sides = ['a', 'b', 'c'].map((name) => ({ name, steps: [command('sleep 120')] }))
    const number = await build({ ...process_, stages: [{ name: 'Sides', parallel: sides }] })
    await running(number)
    await abortBuild(projectId, actorId, number)
    const seen = await ended(number)
    expect(seen.status).toBe('ABORTED')
    expect(seen.stages.every((stage) => ['ABORTED', 'NOT_BUILT'].includes(stage.status))).toBe(true)
  })

  test('a build that is over stays as it is', async () => {
    const number = await build({ executor: 'fake', stages: [{ name: 'A', steps: [command('true')] }] })
    const seen = await ended(number)
    await expect(abortBuild(projectId, actorId, number)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(abortBuild(projectId, actorId, 99_999)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await view(number)).toEqual(seen)
  })
})

describe('requests', () => {
  test('the same request is one build, also when it comes many times at once; numbers have no gap', async () => {
    const { projectId: own } = await makeProject()
    const request = {
      requestId: randomUUID(),
      kind: 'PIPELINE' as const,
      cause: 'test',
      definition: definitionSchema.parse({ executor: 'fake', stages: [{ name: 'A', steps: [command('x')] }] }),
    }
    const made = await Promise.all(Array.from({ length: 12 }, () => requestBuild(own, request)))
    expect(new Set(made.map((one) => one.buildId)).size).toBe(1)
    const others = await Promise.all(Array.from({ length: 12 }, () => requestBuild(own, { ...request, requestId: randomUUID() })))
    expect(others.map((one) => one.number).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 2))
    await expect(requestBuild(projectId, request)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('no project sees another’s builds', async () => {
    const { projectId: stranger } = await makeProject()
    const number = await build({ executor: 'fake', stages: [{ name: 'A', steps: [command('x')] }] })
    const { streamId } = await ended(number)
    await expect(buildView(stranger, number)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { rows } = await database.pool.query('SELECT id FROM "Build" WHERE "streamId" = $1', [streamId])
    expect(await startBuild(stranger, rows[0].id)).toBeNull()
    expect((await listBuilds(stranger, { limit: 10 })).builds).toEqual([])
  })

  test('history by pages, and the job list', async () => {
    const first = await listBuilds(projectId, { limit: 3 })
    expect(first.builds).toHaveLength(3)
    const second = await listBuilds(projectId, { limit: 3, before: first.next ?? 0 })
    expect(second.builds[0]?.number).toBe((first.builds[2]?.number ?? 0) - 1)
    const red = await listBuilds(projectId, { limit: 100, status: 'FAILURE' })
    expect(new Set(red.builds.map((one) => one.status))).toEqual(new Set(['FAILURE']))
    const job = (await jobs(actorId)).find((one) => one.service === service)
    expect(job).toMatchObject({
      serviceState: 'NEVER_DEPLOYED',
      last: { number: first.builds[0]?.number },
      lastFailure: { number: red.builds[0]?.number },
    })
    expect(job?.weather).toBeGreaterThanOrEqual(0)
    expect(await jobs(await asActor((await makeUser()).id))).toEqual([])
  })

  test('the sweep asks again for what was never heard, ends what is lost, and removes folders of ended builds', async () => {
    const other = await makeProject()
    const definition = definitionSchema.parse({ executor: 'fake', stages: [{ name: 'A', steps: [command('x')] }] })
    await makeBuild(other.id, { status: 'QUEUED', definition })
    await makeBuild(other.id, { status: 'RUNNING', definition })
    const left = mkdtempSync(join(dataDir, 'workspaces', 'left'))
    await chmod(left, 0o500)
    await sweepBuilds(executor.goesOn)
    expect(await buildView(other.projectId, 2)).toMatchObject({ status: 'FAILURE', reason: 'The run of this build was lost.' })
    await until(async () => (await buildView(other.projectId, 1)).status === 'SUCCESS')
    await expect(access(left)).rejects.toThrow()
  })
})
