import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keys as keysCommand } from './cli-keys.ts'
import { UsageError } from './core/command-line.ts'
import { serverStatus } from './core/control.ts'
import { environmentWith, parseEnv } from './core/env.ts'
import { openPostgresHub } from './core/hub-postgres.ts'
import { projectRoot } from './core/paths.ts'
import { register, registry } from './core/registry.ts'
import { fileObjectStore } from './embedded/objects/files.ts'
import { type TestDatabase, testDatabase } from './testing/database.ts'
import { linesOf, sealedProject, textOf } from './testing/sealed-world.ts'
import { bundleServer, freePort, type ServerProcess, startServer } from './testing/server-process.ts'
import { until } from './testing/until.ts'
import { openMasterKeys } from './vault/service.ts'

const passphrase = 'a passphrase of some length'
let database: TestDatabase
let dir: string
let programs: Awaited<ReturnType<typeof bundleServer>>[]
let server: ServerProcess
let project: Awaited<ReturnType<typeof sealedProject>>
let port: number

const dataDir = () => join(dir, 'data')
const file = (name: string) => join(dir, name)
const settings = () => ({ MAESTRO_DEMO: '1', DATABASE_URL: database.url, MAESTRO_DATA_DIR: dataDir(), PORT: String(port) })

/** Runs `maestro keys …`; gives its exit status and all that it printed. */
async function keys(args: string[], environment: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const env = environmentWith({ NODE_ENV: 'production', MAESTRO_LOG_LEVEL: 'fatal', ...settings(), ...environment })
  const child = spawn(process.execPath, [programs[1]?.program ?? '', 'keys', ...args], {
    cwd: projectRoot(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      said += bytes
    })
  const [code] = await once(child, 'close')
  return { code: code as number, said }
}
const withPassphrase = (words = passphrase) => ({ MAESTRO_BACKUP_PASSPHRASE: words })

async function start(): Promise<void> {
  server = startServer(programs[0]?.program ?? '', settings())
  await until(
    async () => {
      if (server.child.exitCode !== null) throw new Error(server.output())
      return (await serverStatus(dataDir()))?.ready
    },
    { what: 'a ready server' },
  )
}
async function stop(): Promise<void> {
  server.child.kill('SIGTERM')
  await server.ended
}

/** Everything that was sealed, as it opens in this process with the data directory's own keys. */
async function everything() {
  register({ masterKeys: await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir() })) })
  const { projectId, build } = project
  return [await linesOf(projectId, build.streamId), await textOf(projectId, build.id, 'artifact-1')]
}
const content = [Array.from({ length: 8 }, (_, line) => `line ${line}`), 'the text of artifact 1']

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 4 })
  dir = await mkdtemp(join(tmpdir(), 'maestro-keys-'))
  await writeFile(file('passphrase'), `${passphrase}\n`, { mode: 0o600 })
  port = await freePort()
  programs = await Promise.all([bundleServer(), bundleServer('cli.ts')])
  await start()
  register({ hub: await openPostgresHub(database.url), objects: fileObjectStore(join(dataDir(), 'objects')) })
  register({ masterKeys: await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir() })) })
  project = await sealedProject({ lines: 8, artifacts: 2 })
})
afterAll(async () => {
  server.child.kill('SIGKILL')
  await registry('hub').close()
  await Promise.all(programs.map((program) => program.remove()))
  await rm(dir, { recursive: true, force: true })
  await database.drop()
})

describe('a command line that cannot be used', () => {
  test.each([
    [[], 'A command is missing'],
    [['status', '--what'], "Unknown option '--what'"],
    [['status', '--from', 'x'], "Unknown option '--from'"],
    [['backup'], '--out takes the file to write'],
    [['backup', '--out', '/tmp/never', '--passphrase', 'words'], "Unknown option '--passphrase'"],
    [['backup', '--out', '/tmp/never', '--passphrase-file', '/nowhere'], 'The passphrase cannot be read from /nowhere: ENOENT'],
    [['restore'], '--from takes the file of a backup'],
    [['restore', '--from', '/nowhere'], 'The backup /nowhere cannot be read: ENOENT'],
    [['rotate'], 'Say what to rotate'],
    [['rotate', '--all', '--master'], 'Say what to rotate'],
  ])('%j is refused in words', async (args, words) => {
    const refused = await keysCommand(args).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UsageError)
    expect((refused as UsageError).message).toContain(words)
  })

  test.each([
    [['burn'], 'There is no command "keys burn"'],
    [['backup', '--out', '/tmp/never'], 'A passphrase is needed'],
  ])('%j ends with 2, the reason and the usage', async (args, words) => {
    const { code, said } = await keys(args)
    expect([code, said]).toEqual([2, expect.stringContaining(words)])
    expect(said).toContain('keys verify')
  })
})

test('an AI server elsewhere is told whom to hear: the public half of this installation’s key, and nothing else', async () => {
  const { code, said } = await keys(['caller'])
  expect(code).toBe(0)
  const { keys: listed } = JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? '') as { keys: Record<string, string>[] }
  expect(listed.map((jwk) => Object.keys(jwk).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']])
  expect(await keys(['caller'])).toMatchObject({ said })
})

describe('the drill', () => {
  test('keys are backed up while the server runs; the file is its owner’s, and is not overwritten', async () => {
    expect(await keys(['backup', '--out', file('short')], withPassphrase('short'))).toMatchObject({
      code: 1,
      said: expect.stringContaining('12'),
    })
    const { code, said } = await keys(['backup', '--out', file('backup'), '--passphrase-file', file('passphrase')])
    expect([code, said]).toEqual([0, expect.stringMatching(/\d+ keys are in/)])
    expect((await stat(file('backup'))).mode & 0o777).toBe(0o600)
    const before = await readFile(file('backup'))
    const again = await keys(['backup', '--out', file('backup')], withPassphrase())
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('--force') })
    expect((await readFile(file('backup'))).equals(before)).toBe(true)
    expect((await keys(['backup', '--out', file('backup'), '--force'], withPassphrase())).code).toBe(0)
    expect((await readFile(file('backup'))).equals(before)).toBe(false)
    expect(await database.db.auditEntry.count({ where: { action: 'keys.backed-up' } })).toBe(2)
  })

  test('everything opens, with the keys here and with those of the backup', async () => {
    for (const args of [['verify'], ['verify', '--all'], ['verify', '--all', '--project', project.slug]])
      expect(await keys(args)).toMatchObject({ code: 0, said: expect.stringContaining(project.slug) })
    const proof = await keys(['verify', '--all', '--from', file('backup')], withPassphrase())
    expect([proof.code, proof.said]).toEqual([0, expect.stringMatching(/keys open, and everything they sealed/)])
    expect(await keys(['verify', '--from', file('backup')], withPassphrase('quite another passphrase'))).toMatchObject({
      ...{ code: 1, said: 'This is not the passphrase of this backup.\n' },
    })
    expect(await keys(['verify', '--project', 'nobody'])).toMatchObject({ code: 1, said: 'There is no service "nobody".\n' })
  })

  test('rotated keys are in no backup of before, and verify says so', async () => {
    const rotated = await keys(['rotate', '--project', project.slug, '--no-wait'])
    expect([rotated.code, rotated.said]).toEqual([0, expect.stringContaining(`${project.slug} seals with`)])
    const master = await keys(['rotate', '--master'])
    expect([master.code, master.said]).toEqual([0, expect.stringMatching(/The master key is [0-9a-f-]{36} now; it wraps \d+ keys anew/)])
    expect(await keys(['verify', '--from', file('backup')], withPassphrase())).toMatchObject({ code: 1 })
    expect((await keys(['backup', '--out', file('backup'), '--force'], withPassphrase())).code).toBe(0)
    expect((await keys(['verify', '--all', '--from', file('backup')], withPassphrase())).code).toBe(0)
    const status = await keys(['status', '--project', project.slug])
    expect(status).toMatchObject({
      code: 0,
      said: expect.stringMatching(/current {2}wraps \d+[\s\S]*Project .*[\s\S]*active[\s\S]*retired/),
    })
    expect(await keys(['rotate', '--project', 'nobody'])).toMatchObject({ code: 1, said: 'There is no service "nobody".\n' })
  })

  test('nothing is put back under a server that runs', async () => {
    expect(await keys(['restore', '--from', file('backup')], withPassphrase())).toMatchObject({
      ...{ code: 1, said: expect.stringContaining('The server runs') },
    })
  })

  test('without its master key the server refuses to start; with the backup everything opens again', async () => {
    await stop()
    await rm(join(dataDir(), 'master.key'))
    const refused = startServer(programs[0]?.program ?? '', settings())
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toMatch(/master key .* is not here\. .*keys restore --from/)
    const broken = await keys(['verify'])
    expect([broken.code, broken.said]).toEqual([1, expect.stringMatching(/BROKEN[\s\S]*Not everything opens/)])
    expect(await keys(['rotate', '--all'])).toMatchObject({ code: 1, said: expect.stringContaining('The server does not run') })
    expect(await keys(['restore', '--from', file('backup')], withPassphrase('quite another passphrase'))).toMatchObject({ code: 1 })
    const restored = await keys(['restore', '--from', file('backup')], withPassphrase())
    expect([restored.code, restored.said]).toEqual([0, expect.stringContaining('was put back')])
    expect((await stat(join(dataDir(), 'master.key'))).mode & 0o777).toBe(0o600)
    expect((await keys(['verify', '--all'])).code).toBe(0)
    await start()
    expect(await everything()).toEqual(content)
    expect(await database.db.auditEntry.count({ where: { action: 'keys.restored' } })).toBe(1)
  })
})
