import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import type { Hub } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { testProgram } from '@/server/testing/programs.ts'
import { until } from '@/server/testing/until.ts'
import { createLoadTable, openAll, startVaultLoad } from '@/server/testing/vault-load.ts'
import { keysOf, masterState, open, openMasterKeys, rewrapKeys, rotateDataKey, rotateMasterKey, seal, verifyKeys } from '../service.ts'
import { forgetRing } from './cache.ts'

const [writers, readers, turns] = [20, 3, 5]
const words = Buffer.from('words')
let database: TestDatabase
let hub: Hub
let dataDir: string

beforeAll(async () => {
  database = await testDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'vault-'))
  hub = await openPostgresHub(database.url)
  register({ hub, masterKeys: await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir })) })
  await createLoadTable(database.pool)
})
afterAll(async () => {
  await hub.close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Another process that seals and opens; `end` gives what it did. */
async function startNode(projectId: string) {
  const order = { url: database.url, dataDir, projectId, writers, readers }
  const child = spawn(process.execPath, [testProgram('vault-node'), JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  await until(() => lines.includes('ready'))
  return {
    async end(): Promise<{ written: number[]; opened: number; failures: string[] }> {
      child.stdin.end()
      await until(() => child.exitCode !== null)
      return JSON.parse(lines.at(-1) ?? '')
    },
  }
}

it('rotation under load loses nothing and keeps nobody waiting, in two processes', async () => {
  const { projectId } = await makeProject()
  const node = await startNode(projectId)
  const load = startVaultLoad(database.pool, projectId, 'here', writers, readers)
  const others = await Promise.all(Array.from({ length: turns }, () => makeProject()))
  const first: Buffer[] = []
  for (const [turn, { projectId: other }] of others.entries()) {
    const before = [...load.written]
    await Promise.all([rotateDataKey(projectId), rotateMasterKey()])
    // First keys are made while master keys come and go.
    await Promise.all([
      rewrapKeys(),
      rotateMasterKey(),
      rewrapKeys(),
      seal(other, 'c', words).then((sealed) => first.splice(turn, 1, sealed)),
    ])
    await rewrapKeys()
    // Each writer got on; a rotation that blocked one would never end this.
    await until(() => load.written.every((count, at) => count > (before[at] ?? 0)))
  }
  await load.stop()
  const there = await node.end()
  expect([load.failures, there.failures]).toEqual([[], []])
  expect(Math.min(load.opened, there.opened, ...there.written)).toBeGreaterThan(0)
  expect(await rewrapKeys()).toMatchObject({ failed: 0 })
  forgetRing(projectId)
  const written = [...load.written, ...there.written].reduce((sum, count) => sum + count, 0)
  expect(await openAll(database.pool, projectId)).toEqual({ rows: written, failures: [] })
  for (const [turn, { projectId: other }] of others.entries()) {
    forgetRing(other)
    expect(await open(other, 'c', first[turn] as Buffer)).toEqual(words)
  }
  const states = (await keysOf(projectId)).map(({ state }) => state)
  expect(states).toEqual(['ACTIVE', ...Array.from({ length: states.length - 1 }, () => 'RETIRED')])
  expect(states.length).toBeGreaterThanOrEqual(turns)
  expect((await masterState()).ids).toHaveLength(1)
  expect(await verifyKeys()).toMatchObject({ broken: [], keys: states.length + turns })
})
