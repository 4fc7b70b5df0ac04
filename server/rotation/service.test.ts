import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { artifactText } from '@/server/artifacts/service.ts'
import { buildView } from '@/server/builds/service.ts'
import { parseEnv } from '@/server/core/env.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { issueOf } from '@/server/projects/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { rotatingKeys } from '@/server/testing/keys.ts'
import { linesOf, objectFolder, sealedProject, segmentKeys, someAct, textOf, writeLines } from '@/server/testing/sealed-world.ts'
import { keysOf, loadPlatformSecret, open, seal } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { destroyProjectKeys, platformRing, projectRing, reseal, rotateKey, rotateMaster } from './service.ts'

let database: TestDatabase
let objects: Awaited<ReturnType<typeof objectFolder>>

beforeAll(async () => {
  database = await testDatabase()
  objects = await objectFolder()
  const inngest = makeInngest(parseEnv({}))
  connectInngest(inngest, async () => Response.json({ ids: ['taken'], status: 200 }))
  register({ hub: await openPostgresHub(database.url), inngest, masterKeys: rotatingKeys().masterKeys })
  register({ platformSecret: await loadPlatformSecret() })
})
afterAll(async () => {
  await registry('hub').close()
  await objects.remove()
  await database.drop()
})

describe('destroying a project’s keys', () => {
  it('makes all of it unreadable, and its pages stand', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 4, artifacts: 2 })
    await rotateKey(someAct(), projectId, { service: slug, requestId: randomUUID() })
    await writeLines(projectId, build.streamId, 4, 1)
    const before = await projectRing(projectId, slug)
    expect(before.atStake).toMatchObject({ rows: 8, openBuilds: [], serviceRuns: false })
    const lost = await destroyProjectKeys(someAct(), projectId, { service: slug, confirm: ` ${slug} ` })
    expect(lost).toMatchObject({ keys: 2, rows: 8, bytes: before.atStake.bytes })
    expect(await data.latestRound(projectId)).toMatchObject({ state: 'CANCELLED', reason: 'destroyed' })
    const { rows } = await database.pool.query('SELECT wrapped FROM "DataKey" WHERE "projectId" = $1', [projectId])
    expect(rows).toEqual([{ wrapped: null }, { wrapped: null }])
    expect(await linesOf(projectId, build.streamId)).toEqual(Array(5).fill(null))
    await expect(textOf(projectId, build.id, 'artifact-0')).rejects.toMatchObject({ code: 'NOT_FOUND', key: 'keyDestroyed' })
    expect(await artifactText(projectId, build.number, 'artifact-0')).toMatchObject({ text: null, unreadable: true })
    expect(await buildView(projectId, build.number)).toMatchObject({ status: 'SUCCESS' })
    await expect(issueOf(projectId)).rejects.toMatchObject({ name: 'AppError' })
    const ring = await projectRing(projectId, slug)
    expect(ring.keys.map(({ state }) => state)).toEqual(['DESTROYED', 'DESTROYED'])
    expect(ring.atStake).toMatchObject({ rows: 0, bytes: 0 })
    const entry = await database.db.auditEntry.findFirst({ where: { targetId: projectId, action: 'keys.destroyed' } })
    expect(entry?.details).toEqual({ rows: 8, keys: 2 })
    // Life goes on with a new key.
    await writeLines(projectId, build.streamId, 5, 1)
    expect((await linesOf(projectId, build.streamId)).at(-1)).toBe('line 5')
    expect((await keysOf(projectId)).map(({ state }) => state)).toEqual(['ACTIVE', 'DESTROYED', 'DESTROYED'])
  })

  it('asks for the name, and waits for builds and for what is not sealed yet', async () => {
    const { projectId, slug } = await sealedProject({ lines: 1 })
    for (const confirm of ['', 'other', `${slug}x`, slug.toUpperCase()])
      await expect(destroyProjectKeys(someAct(), projectId, { service: slug, confirm })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        key: 'confirmKeys',
      })
    const running = await makeBuild(projectId, { status: 'RUNNING' })
    const queued = await makeBuild(projectId, { status: 'QUEUED' })
    await expect(destroyProjectKeys(someAct(), projectId, { service: slug, confirm: slug })).rejects.toMatchObject({
      ...{ code: 'CONFLICT', key: 'buildsGoOn' },
      values: { count: 2, numbers: `${running.number}, ${queued.number}` },
    })
    expect((await projectRing(projectId, slug)).atStake.openBuilds).toEqual([running.number, queued.number])
    await database.db.build.updateMany({ where: { projectId }, data: { status: 'ABORTED' } })
    await database.db.project.update({ where: { id: projectId }, data: { issueBody: 'in the clear', issueSealed: null } })
    await expect(destroyProjectKeys(someAct(), projectId, { service: slug, confirm: slug })).rejects.toMatchObject({
      code: 'CONFLICT',
      key: 'sealFirst',
    })
    expect((await keysOf(projectId)).map(({ state }) => state)).toEqual(['ACTIVE'])
    expect(await database.db.auditEntry.count({ where: { targetId: projectId } })).toBe(0)
  })
})

it('a round that goes on is the answer to whoever asks for one', async () => {
  const { projectId, slug } = await sealedProject({ lines: 1 })
  const first = await reseal(someAct(), projectId, { service: slug, requestId: randomUUID() })
  expect(await reseal(someAct(), projectId, { service: slug, requestId: randomUUID() })).toEqual(first)
  expect((await platformRing()).rounds).toMatchObject([{ id: first.round.id, service: slug, state: 'RUNNING' }])
})

it('a new master key wraps every key, also while things are sealed and opened', async () => {
  const { projectId, slug, build } = await sealedProject({ lines: 2 })
  const { master: before } = await platformRing()
  let over = false
  const load = async () => {
    for (let nth = 0; !over || nth < 20; nth++) {
      const fresh = await makeProject()
      const text = Buffer.from(`text ${nth}`)
      expect(await open(fresh.projectId, 'x', await seal(fresh.projectId, 'x', text))).toEqual(text)
    }
  }
  const loads = [load(), load()]
  const { masterId, rewrapped, failed } = await rotateMaster(someAct())
  over = true
  await Promise.all(loads)
  expect([failed, rewrapped > 1]).toEqual([0, true])
  const { master, totals } = await platformRing()
  expect(master).toMatchObject({ currentId: masterId, rotatable: true, backedUpAt: null })
  expect(master.currentId).not.toBe(before.currentId)
  expect(master.wraps.map((one) => one.masterId)).toEqual([masterId])
  expect(totals.keys).toBeGreaterThanOrEqual(40)
  expect(await linesOf(projectId, build.streamId)).toEqual(['line 0', 'line 1'])
  expect(Object.keys(await segmentKeys(projectId))).toEqual([(await projectRing(projectId, slug)).keys[0]?.id])
  expect(await database.db.auditEntry.findFirst({ where: { action: 'keys.master-rotated' } })).toMatchObject({
    ...{ targetType: 'platform', details: { from: before.currentId, masterId } },
  })
})
