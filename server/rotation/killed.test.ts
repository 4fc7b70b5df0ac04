import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getArtifact, putArtifact } from '@/server/artifacts/service.ts'
import { environmentWith, parseEnv } from '@/server/core/env.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { endLeases } from '@/server/testing/leases.ts'
import { testProgram } from '@/server/testing/programs.ts'
import type { RotationNodeOrder } from '@/server/testing/rotation-node.ts'
import { linesOf, sealedProject, segmentKeys, someAct, writeLines } from '@/server/testing/sealed-world.ts'
import { until } from '@/server/testing/until.ts'
import { loadPlatformSecret, openMasterKeys } from '@/server/vault/service.ts'
import * as data from './data.ts'
import { makeRotationFunctions } from './jobs.ts'
import { platformRing, projectRing, rotateKey, rotateMaster } from './service.ts'

const artifacts = 12
const artifactBytes = 200_000

let database: TestDatabase
let executor: Executor
let dataDir: string
const nodes: ChildProcess[] = []
let over = false
let loads: Promise<void>[] = []

beforeAll(async () => {
  database = await testDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-killed-'))
  const from = parseEnv({ MAESTRO_DATA_DIR: dataDir })
  const client = makeInngest(from, silent)
  register({ hub: await openPostgresHub(database.url), inngest: client, objects: fileObjectStore(`${dataDir}/objects`) })
  register({ masterKeys: await openMasterKeys(from) })
  register({ platformSecret: await loadPlatformSecret() })
  // This process knows the functions, so that what it sends starts them, and takes no work itself.
  const functions = makeRotationFunctions(client)
  executor = await startExecutor({ pool: database.pool, inngest: client, functions, clock: registry('clock'), log: silent, concurrency: 0 })
})
afterAll(async () => {
  over = true
  await Promise.allSettled(loads)
  for (const node of nodes) node.kill('SIGKILL')
  await executor.stop()
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

async function startNode(megabytesPerSecond: number, aheadMs: number): Promise<ChildProcess> {
  const order: RotationNodeOrder = { url: database.url, dataDir, aheadMs }
  const env = environmentWith({ MAESTRO_RESEAL_MB_PER_SECOND: String(megabytesPerSecond) })
  const node = fork(testProgram('rotation-node'), [JSON.stringify(order)], {
    execArgv: [],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  nodes.push(node)
  await once(node, 'message')
  return node
}

const roundOf = async (id: string) => {
  const round = await data.findRound(id)
  return { state: round?.state, done: Number(round?.done), total: Number(round?.total) }
}

it('keys are rotated under load; the round is killed halfway, another process goes on, and nothing is lost or blocked', async () => {
  const { projectId, slug, build } = await sealedProject({ lines: 60, artifacts: 0 })
  const contents = Array.from({ length: artifacts }, () => randomBytes(artifactBytes))
  for (const [nth, bytes] of contents.entries())
    await putArtifact(projectId, { buildId: build.id, name: `bundle-${nth}`, mediaType: 'application/octet-stream', bytes })
  let written = 60
  let replaced = 0
  const write = async () => {
    for (; !over; written++) await writeLines(projectId, build.streamId, written, 1)
  }
  const read = async () => {
    for (let nth = 0; !over; nth++) {
      const { bytes } = await getArtifact(projectId, build.id, `bundle-${nth % artifacts}`)
      expect(bytes.equals(contents[nth % artifacts] ?? Buffer.alloc(0))).toBe(true)
      expect((await linesOf(projectId, build.streamId)).slice(0, 60)).not.toContain(null)
    }
  }
  const replace = async () => {
    for (; !over; replaced++) {
      const bytes = `version ${replaced}`
      await putArtifact(projectId, { buildId: build.id, name: 'changing', mediaType: 'text/plain', bytes })
      expect((await getArtifact(projectId, build.id, 'changing')).bytes.toString()).toBe(bytes)
    }
  }
  loads = [write(), read(), replace()]
  const node = await startNode(0.2, 0)
  const { round, keyId } = await rotateKey(someAct(), projectId, { service: slug, requestId: randomUUID() })
  // Master keys change under the round, too.
  const { failed } = await rotateMaster(someAct())
  expect(failed).toBe(0)
  const halfway = await until(async () => {
    const seen = await roundOf(round.id)
    return seen.done > 2 && seen.done < seen.total && seen
  })
  // Whoever writes meanwhile waits for a row at most, never for the round: it stands still from here on until another process takes it up.
  node.kill('SIGKILL')
  await once(node, 'exit')
  const [lines, versions] = [written, replaced]
  await until(() => written > lines + 2 && replaced > versions + 2, { what: 'writing while the round stands half done' })
  const { done: left } = await roundOf(round.id)
  expect(left).toBeGreaterThanOrEqual(halfway.done)
  // Half a minute later by its own clock, so that it need not wait for writers that hold the old key: this process heard of the new one.
  await endLeases(database.pool)
  await startNode(1_000, 120_000)
  await until(async () => (await roundOf(round.id)).state !== 'RUNNING', { timeoutMs: 90_000 })
  expect(await data.findRound(round.id)).toMatchObject({ state: 'DONE', reason: null })
  over = true
  await Promise.all(loads)
  expect(await linesOf(projectId, build.streamId)).toEqual(Array.from({ length: written }, (_, line) => `line ${line}`))
  expect(await segmentKeys(projectId)).toEqual({ [keyId]: written })
  for (const [nth, bytes] of contents.entries())
    expect((await getArtifact(projectId, build.id, `bundle-${nth}`)).bytes.equals(bytes)).toBe(true)
  const { keys, round: last } = await projectRing(projectId, slug)
  expect(keys.map(({ state }) => state)).toEqual(['ACTIVE', 'RETIRED'])
  expect(keys[1]?.rows).toBe(0)
  expect(last).toMatchObject({ state: 'DONE', unreadable: 0 })
  expect((await platformRing()).rounds).toEqual([])
})
