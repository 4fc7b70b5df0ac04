import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { keptBytesIn } from '../changes/store.ts'
import { placeOf } from '../packs/places.ts'
import * as files from '../service.ts'

const megabyte = 1024 ** 2
let database: TestDatabase
let ownerId: string
let spaceId: ProjectId
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await testDatabase()
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'room-'))
  chmodSync(env().MAESTRO_DATA_DIR, 0o711)
})
beforeEach(async () => {
  ownerId = (await makeUser()).id
  spaceId = await spaceForActor(await asActor(ownerId))
  env().MAESTRO_CHAT_DISK_MB = 1
})
afterEach(() => {
  children.splice(0).forEach(killTree)
})
afterAll(async () => {
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  await database.drop()
})

function killTree({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), 'SIGKILL')
  } catch {
    // It has ended.
  }
}
const makeSession = async () =>
  (await db().chatSession.create({ data: { ownerId, spaceId, requestId: randomUUID() }, select: { id: true } })).id
const upload = (id: string, path: string, bytes: number) => files.uploadFile(spaceId, id, path, Buffer.alloc(bytes, 1))

test('many who store something at once share what room there is, exactly', async () => {
  const sessions = await Promise.all([1, 2, 3, 4, 5].map(makeSession))
  // Twice as much as there is room for, to several conversations, with files counted meanwhile.
  const all = await Promise.allSettled(
    sessions.flatMap((id) => [upload(id, 'a.bin', 200_000), upload(id, 'b.bin', 200_000), files.measure(id).then(() => null)]),
  )
  const stored = all.filter((one) => one.status === 'fulfilled' && one.value).length
  const refused = all.filter((one) => one.status === 'rejected')
  expect(stored).toBeGreaterThan(1)
  expect(refused).toHaveLength(10 - stored)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'TOO_LARGE', key: 'diskQuota' })
  const written = (await files.diskRoom(spaceId)).used
  expect(written).toBeLessThanOrEqual(megabyte)
  for (const id of sessions) await files.measure(id)
  expect((await files.diskRoom(spaceId)).used).toBe(written)
})

test('what could not be written gives its room back', async () => {
  const id = await makeSession()
  const folder = await files.directoryOf(spaceId, id)
  mkdirSync(join(folder, 'a.bin'))
  await expect(upload(id, 'a.bin', 500_000)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(upload(id, 'a.bin/../b', 500_000)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect((await files.diskRoom(spaceId)).used).toBe(0)
})

test('what is remembered of former files counts, and gives way to files', async () => {
  const id = await makeSession()
  const { changes } = placeOf(id)
  await upload(id, 'a', 300_000)
  await upload(id, 'a', 200_000)
  const kept = await keptBytesIn(changes)
  expect(kept).toBeGreaterThan(200_000)
  expect((await files.diskRoom(spaceId)).used).toBe(200_000 + kept)
  await upload(id, 'b', 800_000)
  expect(await keptBytesIn(changes)).toBeLessThan(1_000)
  expect((await files.diskRoom(spaceId)).used).toBe(1_000_000 + (await keptBytesIn(changes)))
  await files.snapshot(spaceId, id, 'm1')
  expect((await files.diskRoom(spaceId)).used).toBeLessThanOrEqual(megabyte)
})

/** A program that makes files in a session's folder, says so, and stays. */
async function holding(id: string, command: string, args: string[]): Promise<() => void> {
  const child = spawn(command, args, { cwd: await files.directoryOf(spaceId, id), stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  children.push(child)
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const release = files.countHeld(spaceId, id, child.pid)
  return () => {
    killTree(child)
    release()
  }
}

test.runIf(process.platform === 'linux')('files that are deleted but held open count as long as they are held', async () => {
  const id = await makeSession()
  const open = `const fs = require('fs'), file = fs.openSync('x', 'w+'); fs.writeSync(file, 'x'.repeat(700000)); fs.rmSync('x')`
  // By a thread's own child, which the process's first thread knows nothing of.
  const inner = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${open}; console.log('held'); setInterval(() => {}, 1e6)`)}], { stdio: 'inherit' })`
  const outer = `new (require('worker_threads').Worker)(${JSON.stringify(inner)}, { eval: true })`
  const end = await holding(id, process.execPath, ['-e', outer])
  expect(await files.measure(id)).toBe(0)
  expect((await files.survey(id)).bytes).toBe(700_000)
  expect((await files.diskRoom(spaceId)).used).toBe(700_000)
  await expect(upload(await makeSession(), 'a', 500_000)).rejects.toMatchObject({ key: 'diskQuota' })
  end()
  expect((await files.diskRoom(spaceId)).used).toBe(0)
  await until(async () => (await files.survey(id)).bytes === 0)
})

test.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/python3'))('files that are deleted but mapped count, too', async () => {
  const id = await makeSession()
  const map = `import mmap, os, time
f = open('x', 'w+b'); f.truncate(600000); m = mmap.mmap(f.fileno(), 4096); f.close(); os.remove('x'); print('held', flush=True); time.sleep(1e6)`
  const end = await holding(id, '/usr/bin/python3', ['-c', map])
  expect((await files.survey(id)).bytes).toBe(600_000)
  end()
})

test('a folder too deep to be looked into takes all the room there is', async () => {
  const id = await makeSession()
  const folder = await files.directoryOf(spaceId, id)
  const deep = join(folder, ...Array.from({ length: 70 }, () => 'd'))
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'x'), 'x')
  expect((await files.survey(id)).tooMany).toBe(true)
  await files.measure(id)
  expect((await files.diskRoom(spaceId)).left).toBe(0)
})
