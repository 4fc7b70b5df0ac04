import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { createFirstKey } from './data.ts'
import { loadMasterKey, open, openForPlatform, seal, sealForPlatform } from './service.ts'

let database: TestDatabase
const masterKey = randomBytes(32)

beforeAll(async () => {
  database = await testDatabase()
  register(testKeys(masterKey))
})
afterAll(() => database.drop())

const keysOf = async (projectId: string) =>
  (await database.pool.query('SELECT id, wrapped FROM "DataKey" WHERE "projectId" = $1', [projectId])).rows

describe('the vault', () => {
  it('opens what it sealed, and makes a project one key however many ask at once', async () => {
    const { projectId } = await makeProject()
    expect(await keysOf(projectId)).toEqual([])
    const sealed = await Promise.all(Array.from({ length: 30 }, (_, i) => seal(projectId, `row/${i}`, Buffer.from(`text ${i}`))))
    expect(await keysOf(projectId)).toHaveLength(1)
    const plain = await Promise.all(sealed.map((bytes, i) => open(projectId, `row/${i}`, bytes)))
    expect(plain.map(String)).toEqual(sealed.map((_, i) => `text ${i}`))
  })

  it('has one winner where processes make the first key at the same time', async () => {
    const { projectId } = await makeProject()
    const made = await Promise.all(
      Array.from({ length: 8 }, () =>
        createFirstKey(projectId, { id: crypto.randomUUID(), masterId: crypto.randomUUID(), wrapped: randomBytes(77) }),
      ),
    )
    expect(new Set(made.map((key) => key?.id)).size).toBe(1)
    expect(await keysOf(projectId)).toHaveLength(1)
  })

  it('never stores a key as it is', async () => {
    const { projectId } = await makeProject()
    await seal(projectId, 'c', Buffer.from('x'))
    const [row] = await keysOf(projectId)
    expect(row.wrapped.length).toBe(1 + 16 + 12 + 16 + 32)
    expect(row.wrapped.includes(masterKey)).toBe(false)
  })

  it('refuses another context, another project, a flipped bit, a foreign key and plain bytes, each in its own words', async () => {
    const { projectId } = await makeProject()
    const { projectId: stranger } = await makeProject()
    const sealed = await seal(projectId, 'stream/1', Buffer.from('confidential'))
    const theirs = await seal(stranger, 'stream/1', Buffer.from('x'))
    const flipped = Buffer.from(sealed)
    flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1
    for (const [attempt, code] of [
      [() => open(projectId, 'stream/2', sealed), 'CONFLICT'],
      [() => open(projectId, 'stream/1', flipped), 'CONFLICT'],
      [() => open(stranger, 'stream/1', sealed), 'NOT_FOUND'],
      [() => open(projectId, 'stream/1', theirs), 'NOT_FOUND'],
      [() => open(projectId, 'stream/1', Buffer.from('confidential')), 'BAD_REQUEST'],
      [() => open(projectId, 'stream/1', Buffer.alloc(0)), 'BAD_REQUEST'],
    ] as const) {
      const error = await attempt().then(
        () => expect.fail('it opened'),
        (refusal: Error) => refusal,
      )
      expect(error).toMatchObject({ name: 'AppError', code })
      expect(error.message).not.toContain('confidential')
    }
  })

  it('makes no key for a project that is not there', async () => {
    const { projectId } = await makeProject()
    await database.pool.query('DELETE FROM "Project" WHERE id = $1', [projectId])
    await expect(seal(projectId, 'c', Buffer.from('x'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says so when the master key is another one', async () => {
    const { projectId } = await makeProject()
    register(testKeys())
    const sealed = await seal(projectId, 'c', Buffer.from('x'))
    const { projectId: later } = await makeProject()
    const wrapped = (await keysOf(projectId))[0].wrapped
    await database.pool.query('INSERT INTO "DataKey" (id, "projectId", wrapped) VALUES (gen_random_uuid(), $1, $2)', [later, wrapped])
    register(testKeys(masterKey))
    await expect(seal(later, 'c', Buffer.from('x'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(open(projectId, 'c', sealed)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('the master key file', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vault-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  const load = (key?: string) => loadMasterKey({ MAESTRO_MASTER_KEY: key, MAESTRO_DATA_DIR: join(directory, 'data') })

  it('is made once, for its owner alone, and read afterwards', async () => {
    const key = await load()
    expect(key).toHaveLength(32)
    expect((await stat(join(directory, 'data', 'master.key'))).mode & 0o777).toBe(0o600)
    expect((await load()).equals(key)).toBe(true)
    expect(await readdir(join(directory, 'data'))).toEqual(['master.key'])
  })

  it('is the same for starters in one process and in several', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => load()))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    await rm(join(directory, 'data', 'master.key'))
    const code = `import('@/server/vault/service.ts').then(async (v) => console.log((await v.loadMasterKey({ MAESTRO_DATA_DIR: process.argv[1] })).toString('hex')))`
    const run = promisify(execFile)
    const starters = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--import', 'tsx', '-e', code, join(directory, 'data')])),
    )
    expect(new Set(starters.map(({ stdout }) => stdout.trim()))).toEqual(new Set([(await load()).toString('hex')]))
  })

  it('gives way to the environment, which leaves no file', async () => {
    const key = randomBytes(32)
    expect((await load(key.toString('base64'))).equals(key)).toBe(true)
    expect(await readdir(directory)).toEqual([])
  })

  it('is refused where others can read it or it is no key', async () => {
    await load()
    const path = join(directory, 'data', 'master.key')
    await chmod(path, 0o644)
    await expect(load()).rejects.toThrow('0600')
    await chmod(path, 0o600)
    const before = await readFile(path, 'utf8')
    await writeFile(path, before.slice(0, 20))
    await expect(load()).rejects.toThrow('32 bytes')
  })
})

describe('what belongs to no project', () => {
  const plain = Buffer.from('a picture')
  const refusal = (work: () => Promise<unknown>): Promise<unknown> => work().catch((error: unknown) => error)

  it('opens in its place alone, under the key that sealed it', async () => {
    const sealed = await sealForPlatform('feedback/1', plain)
    expect(sealed.includes(plain)).toBe(false)
    expect(await openForPlatform('feedback/1', sealed)).toEqual(plain)
    expect((await sealForPlatform('feedback/1', plain)).equals(sealed)).toBe(false)
    expect(await refusal(() => openForPlatform('feedback/2', sealed))).toMatchObject({ code: 'CONFLICT' })
    expect(
      await refusal(() => openForPlatform('feedback/1', Buffer.from(sealed.map((byte, at) => (at === 50 ? byte ^ 1 : byte))))),
    ).toMatchObject({
      code: 'CONFLICT',
    })
    expect(await refusal(() => openForPlatform('feedback/1', plain))).toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('is apart from projects and from other master keys', async () => {
    const sealed = await sealForPlatform('row/1', plain)
    const { projectId } = await makeProject()
    await expect(open(projectId, 'row/1', sealed)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const ofProject = await seal(projectId, 'row/1', plain)
    expect(await refusal(() => openForPlatform('row/1', ofProject))).toMatchObject({ code: 'UNAVAILABLE' })
    register(testKeys())
    expect(await refusal(() => openForPlatform('row/1', sealed))).toMatchObject({ code: 'UNAVAILABLE' })
    register(testKeys(masterKey))
    expect(await openForPlatform('row/1', sealed)).toEqual(plain)
  })
})
