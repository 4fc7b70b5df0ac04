import { lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import type { asProject } from '@/server/testing/factories.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { servicePlaces } from '../launchers/places.ts'
import { endSupervisor, supervisorsOf } from '../launchers/supervised.ts'
import { copyWhole, keepRelease } from './files.ts'
import type { Version } from './types.ts'
import { bringUp, endService, tryCandidate } from './versions.ts'

const gate = { startMs: 60_000, count: 3, intervalMs: 20, timeoutMs: 20_000 }
let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maestro-versions-'))
  await writeTinyApp(join(dataDir, 'source'))
})
afterEach(async () => {
  for (const { controlSocket } of await supervisorsOf(dataDir)) await endSupervisor(controlSocket)
  await rm(dirname(servicePlaces(dataDir, 'tiny').root), { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
})

const version = (launcher: Version['launcher'], env: Record<string, string> = {}): Version => ({
  projectId: '' as Awaited<ReturnType<typeof asProject>>,
  slug: 'tiny',
  number: 1,
  run: { start: ['npm', 'start'], healthPath: '/healthz', memoryMb: 256, env },
  launcher,
})

// The data directory is closed to others: without a sandbox root hands the app to a user without rights, who has to reach it all the same.
test.each(['sandbox', 'process'] as const)('a version proves itself and takes over (%s)', async (launcher) => {
  await keepRelease(dataDir, 'tiny', 1, join(dataDir, 'source'))
  expect(await tryCandidate(dataDir, version(launcher), gate, systemClock)).toBeNull()
  expect(await bringUp(dataDir, version(launcher), gate, systemClock)).toBeNull()
  expect(await supervisorsOf(dataDir)).toMatchObject([{ key: 'service:tiny', release: 1 }])
  await endService(dataDir, 'tiny')
  expect(await supervisorsOf(dataDir)).toEqual([])
})

test('a program that is not there is a reason, not a crash', async () => {
  await keepRelease(dataDir, 'tiny', 1, join(dataDir, 'source'))
  const broken = { ...version('sandbox'), run: { ...version('sandbox').run, start: ['no-such-program'] } }
  expect(await tryCandidate(dataDir, broken, gate, systemClock)).toMatchObject({
    what: 'The app ended before it answered.',
    tail: expect.arrayContaining([expect.stringContaining('no-such-program')]),
  })
})

test('an app that listens on another port than it was told does not count', async () => {
  await mkdir(join(dataDir, 'source'), { recursive: true })
  await writeFile(join(dataDir, 'source', 'server.js'), "import('node:http').then(({ createServer }) => createServer().listen(4567))")
  await keepRelease(dataDir, 'tiny', 1, join(dataDir, 'source'))
  const refused = await tryCandidate(dataDir, version('sandbox'), { ...gate, startMs: 1_500 }, systemClock)
  expect(refused?.what).toBe('The app did not answer within 2 s of its start.')
})

test('a copy follows no link and leaves out what is no file', async () => {
  const from = join(dataDir, 'from')
  await mkdir(from)
  await writeFile(join(from, 'a'), 'kept')
  await symlink('/etc/passwd', join(from, 'link'))
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(from, 'sock'), resolve))
  await copyWhole(from, join(dataDir, 'to'))
  server.close()
  expect(await readFile(join(dataDir, 'to', 'a'), 'utf8')).toBe('kept')
  expect(await readlink(join(dataDir, 'to', 'link'))).toBe('/etc/passwd')
  await expect(lstat(join(dataDir, 'to', 'sock'))).rejects.toThrow('ENOENT')
})
