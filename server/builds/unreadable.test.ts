import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { env, parseEnv } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { noAi } from '@/server/testing/ai.ts'
import { breakSeals, sealBreaks } from '@/server/testing/broken-seals.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { definitionSchema } from './schema.ts'
import * as builds from './service.ts'

let database: TestDatabase
let projectId: ProjectId

const noHub = { publish() {}, subscribe: () => () => undefined, close: async () => undefined }
const noWords = { reason: null, reasonUnreadable: true }

beforeAll(async () => {
  database = await testDatabase()
  Object.assign(env(), { MAESTRO_UNSAFE_EXECUTOR: true, MAESTRO_DATA_DIR: await mkdtemp(join(tmpdir(), 'maestro-unreadable-')) })
  const inngest = makeInngest(parseEnv({}), silent)
  register({ hub: noHub, ai: noAi })
  register({ inngest: Object.assign(inngest, { send: async () => ({ ids: [] }) }) })
  projectId = (await makeProject()).projectId
})
afterAll(async () => {
  await rm(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  await database.drop()
})

const definition = definitionSchema.parse({
  executor: 'fake',
  env: { TOKEN: 'the-secret' },
  stages: [{ name: 'A', steps: [{ name: 'x', run: 'x' }] }],
})
const criterion = { id: 'AC-1', text: 'It keeps notes.', derived: false, result: 'failed', detail: 'it did not' }

/** A build that ended red, with words everywhere. */
async function redBuild(): Promise<{ number: number; id: string }> {
  const { id, number } = await makeBuild(projectId, { definition })
  await builds.startBuild(projectId, id, [{ key: 'one', name: 'One', position: 1 }])
  await builds
    .runStep(projectId, id, { stageKey: 'one', key: 's', name: 'S' }, async (step) => step.fail('step words'))
    .catch(() => undefined)
  await builds.closeStage(projectId, id, 'one', 'stage words')
  await builds.finishBuild(projectId, id, { status: 'FAILURE', reason: 'build words', verdict: { criteria: [criterion] } })
  return { id, number }
}

const rowsOf = async (id: string) =>
  database.db.build.findUniqueOrThrow({ where: { id }, include: { stages: { include: { steps: true } } } })

describe('what a build says', () => {
  test('is sealed, and opens on its page', async () => {
    const { id, number } = await redBuild()
    const row = await rowsOf(id)
    const [stage] = row.stages
    const plain = [row.reason, row.verdict, row.definition, stage?.reason, stage?.steps[0]?.reason]
    expect(plain).toEqual([null, null, null, null, null])
    expect(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? 0 : value))).not.toMatch(/words|the-secret/)
    expect(await builds.buildView(projectId, number)).toMatchObject({
      reason: 'build words',
      reasonUnreadable: false,
      criteria: [criterion],
      criteriaUnreadable: false,
      stages: [{ reason: 'stage words', reasonUnreadable: false, steps: [{ reason: 'step words', reasonUnreadable: false }] }],
    })
    expect((await builds.listBuilds(projectId, { limit: 10 })).builds[0]).toMatchObject({ number, reason: 'build words' })
    expect(await builds.stageReasons(projectId, id)).toEqual(['stage words'])
  })

  test('is read where an older version stored it in the clear', async () => {
    const { id, number } = await makeBuild(projectId)
    await database.db.build.update({
      where: { id },
      data: { status: 'FAILURE', reason: 'old words', verdict: { criteria: [criterion] }, definition },
    })
    await database.db.stage.create({ data: { buildId: id, key: 'a', name: 'A', position: 1, reason: 'old stage' } })
    expect(await builds.buildView(projectId, number)).toMatchObject({
      reason: 'old words',
      criteria: [criterion],
      stages: [{ reason: 'old stage' }],
    })
    expect(await builds.definitionOf(projectId, id)).toEqual(definition)
  })

  test('that was moved to another row does not open there', async () => {
    const [mine, other] = [await redBuild(), await redBuild()]
    const { reasonSealed } = await rowsOf(mine.id)
    await database.db.build.update({ where: { id: other.id }, data: { reasonSealed } })
    expect(await builds.buildView(projectId, other.number)).toMatchObject(noWords)
  })
})

describe('a build that no key opens', () => {
  test.each(sealBreaks)('%s: its page and the history stand and say so', async (how) => {
    const { projectId: mine, actorId } = await makeProject()
    projectId = mine
    const { id, number } = await redBuild()
    const waiting = await makeBuild(projectId, { definition })
    await breakSeals(database.pool, projectId, how)
    expect(await builds.buildView(projectId, number)).toMatchObject({
      status: 'FAILURE',
      ...noWords,
      criteria: [],
      criteriaUnreadable: true,
      stages: [{ name: 'One', status: 'FAILURE', ...noWords, steps: [{ name: 'S', status: 'FAILURE', ...noWords }] }],
    })
    expect((await builds.listBuilds(projectId, { limit: 10 })).builds[1]).toMatchObject({ number, ...noWords })
    expect(await builds.jobs(actorId)).toMatchObject([{ last: { number: waiting.number } }])
    expect(await builds.stageReasons(projectId, id)).toEqual([])
    // What waits is not begun and does not hang: it ends red, with words that open.
    expect(await builds.startBuild(projectId, waiting.id)).toBeNull()
    expect(await builds.buildView(projectId, waiting.number)).toMatchObject({
      status: 'FAILURE',
      reason: 'What this build was to do cannot be opened any more.',
    })
  })

  test('ends also where nothing can be sealed', async () => {
    const fresh = await makeProject()
    const build = await makeBuild(fresh.id)
    const keys = registry('masterKeys')
    const down = () => Promise.reject(new AppError('UNAVAILABLE', 'The vault does not answer.'))
    register({ masterKeys: { ...keys, wrap: down, unwrap: down } })
    try {
      await builds.finishBuild(fresh.projectId, build.id, { status: 'FAILURE', reason: 'never seen' })
    } finally {
      register({ masterKeys: keys })
    }
    expect(await builds.buildView(fresh.projectId, build.number)).toMatchObject({
      status: 'FAILURE',
      reason: null,
      reasonUnreadable: false,
    })
  })
})
