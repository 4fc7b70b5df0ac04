import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectId } from '@/server/core/gates.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { rotatingKeys, testKeys } from '@/server/testing/keys.ts'
import { keyFile, madeKeyFile } from '../masters/files.ts'
import { fixedRing, localMasterKeys } from '../masters/local.ts'
import { forgetRing } from '../ring/cache.ts'
import {
  destroyKeys,
  exportKeys,
  importKeys,
  keysOf,
  loadPlatformSecret,
  masterKeyNotice,
  masterState,
  open,
  openForPlatform,
  rewrapKeys,
  rotateDataKey,
  rotateMasterKey,
  seal,
  sealForPlatform,
  verifyKeys,
} from '../service.ts'

let database: TestDatabase
let projectId: ProjectId
let sealed: Buffer
let master: Buffer
const passphrase = 'correct horse battery staple'
const words = Buffer.from('confidential words')

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  // An installation without people is a new one: it gets no key of older versions.
  await database.pool.query('TRUNCATE "User", "Project", "DataKey", "PlatformSecret", "KeyBackup" CASCADE')
  forgetRing(null)
  master = randomBytes(32)
  register({ masterKeys: rotatingKeys([master]).masterKeys })
  await loadPlatformSecret()
  projectId = (await makeProject()).projectId
  sealed = await seal(projectId, 'c', words)
})
afterAll(() => database.drop())

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: { key?: string; message: string }) => {
      expect(error.message).not.toContain('confidential')
      return error.key ?? error.message
    },
  )
const rows = async () =>
  (
    await database.pool.query(
      'SELECT id, state, wrapped FROM "DataKey" UNION ALL SELECT name, NULL, wrapped FROM "PlatformSecret" ORDER BY 1',
    )
  ).rows
const opensAnew = async () => {
  forgetRing(projectId)
  expect(await open(projectId, 'c', sealed)).toEqual(words)
}

describe('a backup of keys', () => {
  it('holds no key in the clear, and every key under its passphrase', async () => {
    const file = await exportKeys(passphrase)
    const text = file.toString('latin1')
    for (const form of ['hex', 'base64', 'latin1'] as const) expect(text).not.toContain(master.toString(form))
    const header = JSON.parse(Buffer.from(text.split('\n')[1]?.split('.')[0] ?? '', 'base64url').toString())
    expect(header).toMatchObject({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
    expect(header.p2c).toBeGreaterThanOrEqual(210_000)
    expect(await refusal(exportKeys('too short'))).toBe('passphraseShort')
  })

  it('brings a lost database of keys back, and changes nothing where nothing is missing', async () => {
    await rotateDataKey(projectId)
    const platforms = await sealForPlatform('c', words)
    const secret = await loadPlatformSecret()
    const file = await exportKeys(passphrase)
    const before = await rows()
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 0, keys: 0, secrets: 0, skipped: 0 })
    expect(await rows()).toEqual(before)
    await database.pool.query('TRUNCATE "DataKey", "PlatformSecret"')
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 0, keys: 3, secrets: 1, skipped: 0 })
    await opensAnew()
    forgetRing(null)
    expect(await openForPlatform('c', platforms)).toEqual(words)
    expect(await loadPlatformSecret()).toEqual(secret)
    expect((await keysOf(projectId)).map(({ state }) => state)).toEqual(['ACTIVE', 'RETIRED'])
    expect(await importKeys(file, passphrase)).toMatchObject({ keys: 0, secrets: 0 })
  })

  it('mends what was damaged, and leaves what was destroyed and what is new', async () => {
    const { projectId: gone } = await makeProject()
    const lost = await seal(gone, 'c', words)
    const { projectId: deleted } = await makeProject()
    await seal(deleted, 'c', words)
    const file = await exportKeys(passphrase)
    await destroyKeys(gone)
    await database.pool.query('DELETE FROM "Project" WHERE id = $1', [deleted])
    await database.pool.query('UPDATE "DataKey" SET wrapped = $2 WHERE "projectId" = $1', [projectId, randomBytes(77)])
    const { projectId: young } = await makeProject()
    const theirs = await seal(young, 'c', words)
    expect(await importKeys(file, passphrase)).toMatchObject({ keys: 1, skipped: 1 })
    await opensAnew()
    expect(await refusal(open(gone, 'c', lost))).toBe('keyDestroyed')
    forgetRing(young)
    expect(await open(young, 'c', theirs)).toEqual(words)
  })

  it('never makes a second active key', async () => {
    const file = await exportKeys(passphrase)
    await database.pool.query('TRUNCATE "DataKey"')
    forgetRing(projectId)
    await seal(projectId, 'c', words)
    expect(await importKeys(file, passphrase)).toMatchObject({ keys: 1 })
    expect((await keysOf(projectId)).map(({ state }) => state)).toEqual(['ACTIVE', 'RETIRED'])
    await opensAnew()
  })
})

describe('the drill: the machine is gone, its database is not', () => {
  it('puts the master key back into the file of the data directory, which the first start made anew', async () => {
    const file = await exportKeys(passphrase)
    const later = await seal((await makeProject()).projectId, 'c', words)
    expect(later.length).toBeGreaterThan(0)
    const directory = await mkdtemp(join(tmpdir(), 'vault-'))
    const path = join(directory, 'master.key')
    register({ masterKeys: localMasterKeys(await madeKeyFile(path)) })
    expect(await refusal(loadPlatformSecret())).toBe('masterKeyOther')
    forgetRing(projectId)
    expect(await refusal(open(projectId, 'c', sealed))).toBe('masterKeyOther')
    expect(await verifyKeys()).toMatchObject({ opened: 0 })
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 1, keys: 0, secrets: 0 })
    expect(await verifyKeys()).toEqual({ keys: 3, opened: 3, destroyed: 0, broken: [] })
    await opensAnew()
    expect((await readFile(path, 'utf8')).split('\n')[0]).toBe(master.toString('hex'))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['master.key'])
    expect(await masterKeyNotice()).toBeNull()
    await rewrapKeys()
    expect(await readFile(path, 'utf8')).toBe(`${master.toString('hex')}\n`)
    await rm(directory, { recursive: true })
  })

  it('puts an old master key behind the one in use where rows of an older copy need it', async () => {
    const file = await exportKeys(passphrase)
    const { rows: old } = await database.pool.query('SELECT id, wrapped, "masterId" FROM "DataKey"')
    await rotateMasterKey()
    await rewrapKeys()
    for (const { id, wrapped, masterId } of old)
      await database.pool.query('UPDATE "DataKey" SET wrapped = $2, "masterId" = $3 WHERE id = $1', [id, wrapped, masterId])
    await seal((await makeProject()).projectId, 'c', words)
    forgetRing(projectId)
    expect(await refusal(open(projectId, 'c', sealed))).toBe('masterKeyOther')
    const current = await registry('masterKeys').current()
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 1 })
    await opensAnew()
    expect(await registry('masterKeys').current()).toBe(current)
    await rewrapKeys()
    expect((await masterState()).ids).toEqual([current])
    await opensAnew()
  })
})

describe('a backup of another installation', () => {
  async function elsewhere(): Promise<Buffer> {
    const file = await exportKeys(passphrase)
    await database.pool.query('TRUNCATE "DataKey", "PlatformSecret", "KeyBackup"')
    register({ masterKeys: rotatingKeys().masterKeys })
    forgetRing(projectId)
    return file
  }

  it('is refused where keys are in use here, and taken where somebody insists', async () => {
    const file = await elsewhere()
    const ours = await seal(projectId, 'c', words)
    const before = await rows()
    expect(await refusal(importKeys(file, passphrase))).toBe('backupOtherMaster')
    expect(await rows()).toEqual(before)
    expect(await registry('masterKeys').ids()).toHaveLength(1)
    expect(await importKeys(file, passphrase, { force: true })).toMatchObject({ masterKeys: 1, keys: 1, secrets: 1 })
    await opensAnew()
    expect(await open(projectId, 'c', ours)).toEqual(words)
    expect(await rewrapKeys()).toMatchObject({ failed: 0 })
    expect((await masterState()).ids).toHaveLength(1)
    await opensAnew()
  })

  it('is taken without a word where nothing is sealed yet: this becomes that installation', async () => {
    const file = await elsewhere()
    await loadPlatformSecret()
    await database.pool.query('TRUNCATE "DataKey"')
    const { ids } = registry('masterKeys')
    const [fresh] = await ids()
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 1, keys: 1 })
    expect((await ids()).at(-1)).toBe(fresh)
    expect((await masterState()).currentId).not.toBe(fresh)
    await opensAnew()
  })

  it('needs its master key in the environment where that is where master keys come from', async () => {
    const file = await exportKeys(passphrase)
    register(testKeys())
    forgetRing(projectId)
    expect(await refusal(importKeys(file, passphrase, { force: true }))).toBe('backupNotWritable')
    register({ masterKeys: localMasterKeys(fixedRing([randomBytes(32), master])) })
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 0, keys: 0 })
    await opensAnew()
  })

  it('is written into a file of the operator’s, too', async () => {
    const file = await exportKeys(passphrase)
    const directory = await mkdtemp(join(tmpdir(), 'vault-'))
    const path = join(directory, 'keys')
    await writeFile(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
    register({ masterKeys: localMasterKeys(keyFile(path, 'file')) })
    forgetRing(projectId)
    expect(await importKeys(file, passphrase)).toMatchObject({ masterKeys: 1 })
    await opensAnew()
    await rm(directory, { recursive: true })
  })
})

describe('what is no backup', () => {
  it('is told apart: another passphrase, a cut or altered file, another file; nothing is changed', async () => {
    const file = await exportKeys(passphrase)
    await database.pool.query('TRUNCATE "DataKey", "PlatformSecret"')
    const attempts: [Uint8Array, string, string][] = [
      [file, 'another long passphrase', 'backupPassphrase'],
      [file, `${passphrase} `, 'backupPassphrase'],
      [file, 'short', 'passphraseShort'],
      [Buffer.from('a text file\nof three lines\n'), passphrase, 'backupUnknown'],
      [randomBytes(500), passphrase, 'backupUnknown'],
      [Buffer.alloc(0), passphrase, 'backupUnknown'],
      [Buffer.concat([file, Buffer.from('more')]), passphrase, 'backupAltered'],
    ]
    for (let at = 1; at < 40; at++)
      attempts.push([file.subarray(0, Math.floor((file.length - 2) * (at / 40))), passphrase, 'backupAltered'])
    const body = file.indexOf('\n') + 1
    for (let at = 0; at < 60; at++) {
      const altered = Buffer.from(file)
      const place = body + Math.floor(((file.length - body - 2) * at) / 60)
      altered[place] = (altered[place] as number) ^ 1
      attempts.push([altered, passphrase, 'backupAltered'])
    }
    for (const [bytes, phrase, reason] of attempts) expect(await refusal(importKeys(bytes, phrase))).toBe(reason)
    expect(await rows()).toEqual([])
  })

  it('opens with the same passphrase typed on another keyboard, and with line ends of another system', async () => {
    const file = await exportKeys('Schlüssel für später')
    const elsewhere = Buffer.from(file.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
    expect(await importKeys(elsewhere, 'Schlüssel für später'.normalize('NFD'))).toMatchObject({ keys: 0 })
  })
})
