import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { agentConfigSchema, agentDraftSchema } from '@/server/agents/schema.ts'
import { agentForRun, createAgent, versionDifference } from '@/server/agents/service.ts'
import { putArtifact } from '@/server/artifacts/service.ts'
import { buildView } from '@/server/builds/service.ts'
import { parseEnv } from '@/server/core/env.ts'
import { actorFromId, type ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { giveFeedback, screenshotOf } from '@/server/feedback/service.ts'
import { addDocument, readDocument, searchDocuments } from '@/server/memory/service.ts'
import { issueOf } from '@/server/projects/service.ts'
import { deleteStreamsOf } from '@/server/streams/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeUser } from '@/server/testing/factories.ts'
import { rotatingKeys } from '@/server/testing/keys.ts'
import {
  linesOf,
  movableClock,
  objectFolder,
  sealedProject,
  segmentKeys,
  someAct,
  textOf,
  writeLines,
} from '@/server/testing/sealed-world.ts'
import { activeKeyId, keysOf, loadPlatformSecret, sealForPlatform } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { workAtRound } from './rounds/work.ts'
import { roundsKept } from './schema.ts'
import { cancelRound, platformRing, projectRing, reseal, resealPlatform, rotateKey, rotatePlatformKey, sweepRounds } from './service.ts'
import { consoles } from './sources/consoles.ts'
import type { Scope } from './sources/types.ts'

let database: TestDatabase
let objects: Awaited<ReturnType<typeof objectFolder>>
let clock: ReturnType<typeof movableClock>
let asked: { roundId: string; projectId: string | null }[] = []
const past = 60_000
const fast = Number.MAX_SAFE_INTEGER

beforeAll(async () => {
  database = await testDatabase()
  objects = await objectFolder()
  const inngest = makeInngest(parseEnv({}))
  connectInngest(inngest, async (_, init) => {
    asked.push(...[JSON.parse(String(init.body))].flat().map(({ data: sent }) => sent))
    return Response.json({ ids: ['taken'], status: 200 })
  })
  register({ hub: await openPostgresHub(database.url), inngest, masterKeys: rotatingKeys().masterKeys })
  register({ platformSecret: await loadPlatformSecret() })
})
beforeEach(() => {
  clock = movableClock()
  asked = []
})
afterAll(async () => {
  await registry('hub').close()
  await objects.remove()
  await database.drop()
})

const rotate = (projectId: ProjectId, service: string, requestId: string = randomUUID()) =>
  rotateKey(someAct(), projectId, { service, requestId })

/** Works at a round to its end, as the executor does; the clock goes on where the executor would sleep. */
async function finish(scope: Scope, roundId: string, forMs = 10_000) {
  for (let turn = 0; turn < 500; turn++) {
    const { over, waitMs } = await workAtRound(scope, roundId, { forMs, bytesPerSecond: fast })
    if (over) return
    clock.goOn(waitMs)
  }
  throw new Error('the round does not end')
}
const roundOf = async (id: string) => {
  const round = await data.findRound(id)
  if (!round) throw new Error('there is no such round')
  return round
}

describe('a round after a rotation', () => {
  it('seals everything anew, and all is as it was', async () => {
    const { projectId, slug, build, issueTitle } = await sealedProject()
    await database.db.build.update({
      where: { id: build.id },
      data: { reason: 'a reason in the clear', definition: { env: {}, stages: [] } },
    })
    const old = await activeKeyId(projectId)
    const lines = await linesOf(projectId, build.streamId)
    const requestId = randomUUID()
    const { keyId, round } = await rotate(projectId, slug, requestId)
    expect(round).toMatchObject({ id: requestId, state: 'RUNNING', total: null, done: 0 })
    expect(asked).toMatchObject([{ roundId: requestId, projectId }])
    expect(keyId).not.toBe(old)
    await finish(projectId, round.id)
    const ring = await projectRing(projectId, slug)
    // 50 lines, 3 artifacts, the issue, and of the build what stood in the clear.
    expect(ring.round).toMatchObject({ state: 'DONE', total: 56, done: 56, resealed: 56, unreadable: 0, endedAt: expect.any(String) })
    expect(ring.round?.rate).toBeGreaterThan(0)
    expect(ring.keys.map(({ id, state, rows }) => [id, state, rows])).toEqual([
      [keyId, 'ACTIVE', 56],
      [old, 'RETIRED', 0],
    ])
    expect(ring.sealed.every(({ toReseal, lost, inClear }) => toReseal + lost + inClear === 0)).toBe(true)
    expect(ring.sealed.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['issue', 1],
      ['consoles', 50],
      ['artifacts', 3],
      ['builds', 2],
      ['deployments', 0],
      ['conversations', 0],
    ])
    expect(ring.atStake).toMatchObject({ rows: 56, openBuilds: [], serviceRuns: false })
    expect(await linesOf(projectId, build.streamId)).toEqual(lines)
    expect(await textOf(projectId, build.id, 'artifact-2')).toBe('the text of artifact 2')
    expect(await issueOf(projectId)).toMatchObject({ title: issueTitle, body: 'an issue' })
    expect(await buildView(projectId, build.number)).toMatchObject({ reason: 'a reason in the clear' })
    expect(await database.db.build.findUnique({ where: { id: build.id } })).toMatchObject({ reason: null, definition: null })
  })

  it('is begun once however often it is asked for, and never by another project', async () => {
    const [mine, other] = [await sealedProject({ lines: 1 }), await makeProject()]
    const requestId = randomUUID()
    const first = await rotate(mine.projectId, mine.slug, requestId)
    expect(await rotate(mine.projectId, mine.slug, requestId)).toMatchObject({ keyId: first.keyId, round: { id: requestId } })
    expect(await keysOf(mine.projectId)).toHaveLength(2)
    await expect(rotate(other.projectId, other.slug, requestId)).rejects.toMatchObject({ code: 'CONFLICT', key: 'keysChanged' })
    expect(await reseal(someAct(), mine.projectId, { service: mine.slug, requestId: randomUUID() })).toMatchObject({
      round: { id: requestId },
    })
    const second = await rotate(mine.projectId, mine.slug)
    expect(await roundOf(requestId)).toMatchObject({ state: 'CANCELLED', reason: 'superseded', openFor: null })
    await finish(mine.projectId, requestId)
    await finish(mine.projectId, second.round.id)
    expect(await segmentKeys(mine.projectId)).toEqual({ [second.keyId]: 1 })
    const entries = await database.db.auditEntry.findMany({ where: { targetId: mine.projectId, action: 'keys.rotated' } })
    expect(entries.map(({ details }) => details)).toEqual([{ keyId: first.keyId }, { keyId: second.keyId }])
  })

  it('is begun once also where one request comes many times at the same moment', async () => {
    const { projectId, slug } = await sealedProject({ lines: 2 })
    const requestId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 12 }, () => rotate(projectId, slug, requestId)))
    expect(new Set(answers.map(({ keyId, round }) => `${keyId} ${round.id} ${round.state}`)).size).toBe(1)
    expect(await keysOf(projectId)).toHaveLength(2)
    expect(await roundOf(requestId)).toMatchObject({ state: 'RUNNING' })
    expect(await database.db.auditEntry.count({ where: { targetId: projectId, action: 'keys.rotated' } })).toBe(1)
    await cancelRound(someAct(), projectId, slug)
  })

  it('does not end before what was sealed with the old key meanwhile is sealed anew', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 5 })
    const before = await database.pool.query('SELECT * FROM "StreamSegment" WHERE "streamId" = $1 AND "firstSeq" = 5', [build.streamId])
    await database.pool.query('DELETE FROM "StreamSegment" WHERE "streamId" = $1 AND "firstSeq" = 5', [build.streamId])
    const { keyId, round } = await rotate(projectId, slug)
    const { over, waitMs } = await workAtRound(projectId, round.id, { forMs: 10_000, bytesPerSecond: fast })
    expect(over).toBe(false)
    expect(waitMs).toBeGreaterThan(20_000)
    // A writer that still holds the old key comes late.
    const { streamId, firstSeq, count, tag, codec, sealed } = before.rows[0]
    await database.pool.query(
      'INSERT INTO "StreamSegment" ("streamId", "firstSeq", count, tag, codec, sealed) VALUES ($1, $2, $3, $4, $5, $6)',
      [streamId, firstSeq, count, tag, codec, sealed],
    )
    await finish(projectId, round.id)
    expect(await roundOf(round.id)).toMatchObject({ state: 'DONE' })
    expect(await segmentKeys(projectId)).toEqual({ [keyId]: 5 })
  })

  it('goes on where it was cut off, slice by slice', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 30, artifacts: 0 })
    const lines = await linesOf(projectId, build.streamId)
    const { keyId, round } = await rotate(projectId, slug)
    const seen: number[] = []
    for (let done = 0; done < 31; ) {
      // A slice of one row, after which time is up.
      await workAtRound(projectId, round.id, { forMs: 0, bytesPerSecond: fast, sliceBytes: 1 })
      done = Number((await roundOf(round.id)).done)
      seen.push(done)
    }
    expect(seen).toEqual(Array.from({ length: 31 }, (_, at) => at + 1))
    await finish(projectId, round.id)
    expect(await segmentKeys(projectId)).toEqual({ [keyId]: 30 })
    expect(await linesOf(projectId, build.streamId)).toEqual(lines)
  })

  it('is worked at by one hand: the other one finds that it lost it, and harms nothing', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 40 })
    const lines = await linesOf(projectId, build.streamId)
    const { keyId, round } = await rotate(projectId, slug)
    await Promise.all(Array.from({ length: 5 }, () => workAtRound(projectId, round.id, { forMs: 10_000, bytesPerSecond: fast })))
    await finish(projectId, round.id)
    expect(await segmentKeys(projectId)).toEqual({ [keyId]: 40 })
    expect(await linesOf(projectId, build.streamId)).toEqual(lines)
  })

  it('is no faster than it may be', async () => {
    const { projectId, slug } = await sealedProject({ lines: 20 })
    const { round } = await rotate(projectId, slug)
    const started = performance.now()
    await workAtRound(projectId, round.id, { forMs: 60_000, bytesPerSecond: 10_000 })
    const { bytes } = await roundOf(round.id)
    expect((performance.now() - started) / 1_000).toBeGreaterThanOrEqual((Number(bytes) / 10_000) * 0.95)
  })

  it('can be cancelled; what it did stays, and the next one does the rest', async () => {
    const { projectId, slug } = await sealedProject({ lines: 10 })
    const { keyId, round } = await rotate(projectId, slug)
    await workAtRound(projectId, round.id, { forMs: 0, bytesPerSecond: fast, sliceBytes: 1 })
    expect(await cancelRound(someAct(), projectId, slug)).toEqual({ cancelled: true })
    expect(await cancelRound(someAct(), projectId, slug)).toEqual({ cancelled: false })
    expect(await workAtRound(projectId, round.id, { forMs: 10_000, bytesPerSecond: fast })).toEqual({ over: true, waitMs: 0 })
    const next = await reseal(someAct(), projectId, { service: slug, requestId: randomUUID() })
    await finish(projectId, next.round.id)
    expect(await segmentKeys(projectId)).toEqual({ [keyId]: 10 })
    expect((await projectRing(projectId, slug)).round).toMatchObject({ id: next.round.id, state: 'DONE' })
    const actions = await database.db.auditEntry.findMany({ where: { targetId: projectId }, orderBy: { id: 'asc' } })
    expect(actions.map(({ action }) => action)).toEqual(['keys.rotated', 'keys.reseal-cancelled', 'keys.resealed'])
  })

  it('leaves alone and counts what no key opens', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 6, artifacts: 2 })
    const other = await sealedProject({ lines: 1 })
    // Altered, sealed with a key of somebody else, and no seal at all.
    await database.pool.query(
      `UPDATE "StreamSegment" SET sealed = set_byte(sealed, 46, (get_byte(sealed, 46) + 1) % 256) WHERE "streamId" = $1 AND "firstSeq" = 2`,
      [build.streamId],
    )
    await database.pool.query(
      `UPDATE "StreamSegment" SET sealed = (SELECT sealed FROM "StreamSegment" WHERE "streamId" = $2) WHERE "streamId" = $1 AND "firstSeq" = 3`,
      [build.streamId, other.build.streamId],
    )
    await database.pool.query(`UPDATE "StreamSegment" SET sealed = '\\x00' WHERE "streamId" = $1 AND "firstSeq" = 4`, [build.streamId])
    const artifact = await database.db.artifact.findFirstOrThrow({ where: { projectId, name: 'artifact-1' } })
    await registry('objects').delete(artifact.objectKey)
    const spoilt = 'SELECT sealed FROM "StreamSegment" WHERE "streamId" = $1 AND "firstSeq" BETWEEN 2 AND 4 ORDER BY 1'
    const before = await database.pool.query(spoilt, [build.streamId])
    const { round } = await rotate(projectId, slug)
    await finish(projectId, round.id)
    expect(await roundOf(round.id)).toMatchObject({ state: 'DONE', unreadable: 4n, resealed: 5n })
    expect((await database.pool.query(spoilt, [build.streamId])).rows).toEqual(before.rows)
    expect(await linesOf(projectId, build.streamId)).toEqual(['line 0', null, null, null, 'line 4', 'line 5'])
    const { sealed } = await projectRing(projectId, slug)
    expect(sealed.find(({ kind }) => kind === 'artifacts')).toMatchObject({ rows: 2, lost: 1 })
  })

  it('keeps so many of those that are over', async () => {
    const { projectId, slug } = await sealedProject({ lines: 1, artifacts: 0 })
    for (let turn = 0; turn < roundsKept + 3; turn++) {
      const { round } = await reseal(someAct(), projectId, { service: slug, requestId: randomUUID() })
      clock.goOn(past)
      await finish(projectId, round.id)
    }
    expect(await database.db.reseal.count({ where: { projectId } })).toBe(roundsKept)
  })
})

describe('what happens meanwhile', () => {
  it('is not hurt: lines appended, streams removed, artifacts replaced and removed', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 30, artifacts: 6 })
    const gone = await makeBuild(projectId)
    await writeLines(projectId, gone.streamId, 0, 20)
    const { keyId, round } = await rotate(projectId, slug)
    const others = async () => {
      await deleteStreamsOf(projectId, [gone.streamId])
      await writeLines(projectId, build.streamId, 30, 10)
      for (const nth of [0, 1, 2])
        await putArtifact(projectId, { buildId: build.id, name: `artifact-${nth}`, mediaType: 'text/plain', bytes: `other ${nth}` })
    }
    await Promise.all([finish(projectId, round.id), others()])
    expect(await linesOf(projectId, build.streamId)).toEqual(Array.from({ length: 40 }, (_, line) => `line ${line}`))
    expect(await segmentKeys(projectId)).toEqual({ [keyId]: 40 })
    expect(await textOf(projectId, build.id, 'artifact-1')).toBe('other 1')
    expect(await textOf(projectId, build.id, 'artifact-5')).toBe('the text of artifact 5')
  })

  it('wins: a row that changed after it was read is not overwritten', async () => {
    const { projectId, slug, build } = await sealedProject({ lines: 3 })
    const { keyId } = await rotate(projectId, slug)
    const [source] = consoles
    const taken = await source?.take(projectId, { keyId, after: null, bytes: 1_000_000 })
    await database.pool.query('DELETE FROM "StreamSegment" WHERE "streamId" = $1 AND "firstSeq" = 1', [build.streamId])
    await database.pool.query(`UPDATE "StreamSegment" SET sealed = '\\x0102' WHERE "streamId" = $1 AND "firstSeq" = 2`, [build.streamId])
    expect(await taken?.work()).toMatchObject({ rows: 3, resealed: 1 })
    const { rows } = await database.pool.query(
      'SELECT "firstSeq", length(sealed) < 3 AS theirs FROM "StreamSegment" WHERE "streamId" = $1 ORDER BY 1',
      [build.streamId],
    )
    expect(rows).toEqual([
      { firstSeq: '2', theirs: true },
      { firstSeq: '3', theirs: false },
    ])
  })
})

describe('what belongs to no project', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

  it('is sealed anew with the platform’s new key', async () => {
    const actor = await actorFromId((await makeUser()).id)
    const { id } = await giveFeedback(actor, { requestId: randomUUID(), text: 'look', page: '/', screenshot: png }, null)
    const { bytes } = await screenshotOf(id)
    const { keyId, round } = await rotatePlatformKey(someAct(), { requestId: randomUUID() })
    expect((await platformRing()).round).toMatchObject({ id: round.id, state: 'RUNNING' })
    await finish(null, round.id)
    expect((await screenshotOf(id)).bytes.equals(bytes)).toBe(true)
    const ring = await platformRing()
    expect(ring.sealed).toContainEqual({ kind: 'pictures', rows: 1, bytes: null, toReseal: 0, lost: 0, inClear: 0 })
    expect(ring.keys[0]).toMatchObject({ id: keyId, state: 'ACTIVE', rows: 1 })
    expect(ring.round).toMatchObject({ state: 'DONE', resealed: 1 })
  })

  it('of before pictures named their key is looked at by a round', async () => {
    const key = `feedback/${randomUUID()}`
    await registry('objects').put(key, await sealForPlatform(`feedback:${key}`, Buffer.from('a picture')))
    const row = await database.db.feedback.create({
      data: { requestId: randomUUID(), text: 'x', page: '/', screenshot: key, mediaType: 'image/png' },
    })
    await sweepRounds()
    const round = (await data.latestRound(null)) ?? (await resealPlatform(someAct(), { requestId: randomUUID() })).round
    expect(asked.filter(({ projectId }) => projectId === null)).toMatchObject([{ roundId: round.id }])
    await finish(null, round.id)
    expect(await database.db.feedback.findUnique({ where: { id: row.id } })).toMatchObject({ keyId: await activeKeyId(null) })
  })
})

describe('the sweep', () => {
  it('has sealed what older versions stored in the clear, once', async () => {
    const { projectId, slug } = await makeProject({ issueBody: 'an issue in the clear' })
    await sweepRounds()
    await sweepRounds()
    const rounds = await database.db.reseal.findMany({ where: { projectId } })
    expect(rounds).toHaveLength(1)
    await finish(projectId, rounds[0]?.id ?? '')
    expect(await database.db.project.findUnique({ where: { id: projectId } })).toMatchObject({ issueBody: null })
    expect(await issueOf(projectId)).toMatchObject({ body: 'an issue in the clear' })
    asked = []
    await sweepRounds()
    expect(asked.filter((one) => one.projectId === projectId)).toEqual([])
    expect((await projectRing(projectId, slug)).sealed[0]).toMatchObject({ kind: 'issue', rows: 1, inClear: 0 })
  })

  it('asks again for a round that nobody works at any more, and not for one at work', async () => {
    const { projectId, slug } = await sealedProject({ lines: 1 })
    const { round } = await rotate(projectId, slug)
    asked = []
    await sweepRounds()
    expect(asked.filter(({ roundId }) => roundId === round.id)).toEqual([])
    clock.goOn(10 * 60_000)
    await sweepRounds()
    expect(asked.filter(({ roundId }) => roundId === round.id)).toHaveLength(1)
    await cancelRound(someAct(), projectId, slug)
  })
})

describe('an agent', () => {
  it('with its versions and documents is sealed anew with the platform’s new key, and says the same', async () => {
    const actor = await actorFromId((await makeUser()).id)
    if (!actor) throw new Error('there is nobody')
    const config = agentConfigSchema.parse({ model: 'claude-sonnet-5-5', instructions: 'Be brief.' })
    const draft = agentDraftSchema.parse({ name: 'Helper', status: 'active', config })
    const { id } = await createAgent({ ...someAct(), actorId: actor.id }, actor.id, randomUUID(), draft)
    const file = { requestId: randomUUID(), name: 'a.txt', bytes: Buffer.from('The blue room') }
    const document = await addDocument(actor.id, id, file)
    await readDocument(document.id)
    const { keyId, round } = await rotatePlatformKey(someAct(), { requestId: randomUUID() })
    await finish(null, round.id)
    const ring = await platformRing()
    expect(ring.sealed).toContainEqual(expect.objectContaining({ kind: 'agents', rows: 4, toReseal: 0, lost: 0 }))
    expect(ring.keys[0]).toMatchObject({ id: keyId, state: 'ACTIVE' })
    expect((await agentForRun(actor.id, id)).config).toEqual(config)
    expect(await versionDifference(actor.id, id, 1, 1)).toMatchObject({ unreadable: false, fields: [] })
    expect(await searchDocuments(actor.id, id, 'blue')).toMatchObject([{ text: 'The blue room' }])
    await database.db.memoryDocument.update({ where: { id: document.id }, data: { state: 'READING' } })
    expect(await readDocument(document.id)).toBe('read')
  })
})
