import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { keysTopic } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser } from '@/server/testing/factories.ts'
import { rotatingKeys, testKeys } from '@/server/testing/keys.ts'
import { until } from '@/server/testing/until.ts'
import { fixedRing, localMasterKeys } from '../masters/local.ts'
import { masterIdOf } from '../masters/types.ts'
import { keyIdOf, platformKey, sealWith } from '../rules.ts'
import {
  activeKeyId,
  destroyKeys,
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
  writersKeepKeyMs,
} from '../service.ts'
import { forgetRing } from './cache.ts'

let database: TestDatabase
let projectId: ProjectId
const words = Buffer.from('words')
const minutes = 60_000

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  register({ clock: systemClock, masterKeys: rotatingKeys().masterKeys })
  await database.pool.query('TRUNCATE "DataKey", "PlatformSecret", "KeyBackup"')
  forgetRing(null)
  projectId = (await makeProject()).projectId
})
afterAll(() => database.drop())

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: { key?: string; message: string }) => error.key ?? error.message,
  )
const statesOf = async (scope: ProjectId | null) => (await keysOf(scope)).map(({ state }) => state)

describe('rotation of a data key', () => {
  it('seals with the new one; retired ones open what they sealed', async () => {
    for (const scope of [projectId, null]) {
      const sealOne = () => (scope ? seal(scope, 'c', words) : sealForPlatform('c', words))
      const openOne = (sealed: Buffer) => (scope ? open(scope, 'c', sealed) : openForPlatform('c', sealed))
      const old = await sealOne()
      const view = await rotateDataKey(scope)
      expect(view).toMatchObject({ state: 'ACTIVE', retiredAt: null, destroyedAt: null, masterId: await registry('masterKeys').current() })
      expect(await activeKeyId(scope)).toBe(view.id)
      expect(keyIdOf(await sealOne())).toBe(view.id)
      expect(await openOne(old)).toEqual(words)
      const [first, second] = await keysOf(scope)
      expect(first).toEqual(view)
      expect(second).toMatchObject({ id: keyIdOf(old), state: 'RETIRED', destroyedAt: null })
      expect(Date.parse(second?.retiredAt ?? '')).toBeGreaterThanOrEqual(Date.parse(second?.createdAt ?? ''))
    }
  })

  it('leaves one active key, however many rotate at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => rotateDataKey(projectId)))
    expect((await statesOf(projectId)).sort()).toEqual(['ACTIVE', 'RETIRED', 'RETIRED', 'RETIRED', 'RETIRED', 'RETIRED'])
    await database.pool.query('DELETE FROM "Project" WHERE id = $1', [projectId])
    expect(await refusal(rotateDataKey(projectId))).toBe('noProjectForKey')
  })

  it('is noticed by a process that nobody told after half a minute', async () => {
    await activeKeyId(projectId)
    // As another process would, whose word does not arrive.
    await database.pool.query(`UPDATE "DataKey" SET state = 'RETIRED' WHERE "projectId" = $1`, [projectId])
    const before = await activeKeyId(projectId)
    const started = systemClock.now()
    register({ clock: { ...systemClock, now: () => started + writersKeepKeyMs + 1_000 } })
    expect(await activeKeyId(projectId)).not.toBe(before)
  })
})

describe('destruction of a project’s keys', () => {
  it('takes every key out of its row; what they sealed is lost, what comes after gets a new one', async () => {
    const { projectId: other } = await makeProject()
    const theirs = await seal(other, 'c', words)
    const first = await seal(projectId, 'c', words)
    await rotateDataKey(projectId)
    const second = await seal(projectId, 'c', words)
    expect(await destroyKeys(projectId)).toBe(2)
    expect(await destroyKeys(projectId)).toBe(0)
    const { rows } = await database.pool.query('SELECT wrapped, "destroyedAt" FROM "DataKey" WHERE "projectId" = $1', [projectId])
    for (const row of rows) expect(row).toEqual({ wrapped: null, destroyedAt: expect.any(Date) })
    for (const sealed of [first, second]) expect(await refusal(open(projectId, 'c', sealed))).toBe('keyDestroyed')
    const third = await seal(projectId, 'c', words)
    expect(await open(projectId, 'c', third)).toEqual(words)
    expect(await statesOf(projectId)).toEqual(['ACTIVE', 'DESTROYED', 'DESTROYED'])
    expect(await open(other, 'c', theirs)).toEqual(words)
  })

  describe('told through the hub', () => {
    afterEach(async () => {
      await registry('hub').close()
      register({ hub: undefined })
    })

    it('is heard by every process at once, also by one whose line was cut', async () => {
      register({ hub: await openPostgresHub(database.url) })
      const elsewhere = await openPostgresHub(database.url)
      const sealed = await seal(projectId, 'c', words)
      const destroyElsewhere = () =>
        database.pool.query(`UPDATE "DataKey" SET state = 'DESTROYED', wrapped = NULL WHERE "projectId" = $1`, [projectId])
      await destroyElsewhere()
      expect(await open(projectId, 'c', sealed)).toEqual(words)
      elsewhere.publish(keysTopic(projectId), { kind: 'keys' })
      await until(async () => (await open(projectId, 'c', sealed).catch((error) => error)).key === 'keyDestroyed')
      const later = await seal(projectId, 'c', words)
      await destroyElsewhere()
      expect(await open(projectId, 'c', later)).toEqual(words)
      await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LISTEN%' AND pid <> pg_backend_pid()`,
      )
      await until(async () => (await open(projectId, 'c', later).catch((error) => error)).key === 'keyDestroyed')
      await elsewhere.close()
    })
  })
})

describe('rotation of the master key', () => {
  it('moves every key and secret to the new one, then forgets the old one', async () => {
    const { masterKeys, keys } = rotatingKeys()
    register({ masterKeys })
    const secret = await loadPlatformSecret()
    const sealed = await seal(projectId, 'c', words)
    await rotateDataKey(projectId)
    // Two of the project, the secret, and the platform's key that older versions derived.
    const all = 4
    const [before] = await masterKeys.ids()
    const { from, to } = await rotateMasterKey()
    expect([from, to]).toEqual([before, masterIdOf(keys[0] as Buffer)])
    expect(keys).toHaveLength(2)
    expect((await masterState()).wraps).toEqual([{ masterId: from, keys: all }])
    expect(await rewrapKeys()).toEqual({ rewrapped: all, failed: 0 })
    expect(keys.map(masterIdOf)).toEqual([to])
    expect(await masterState()).toMatchObject({ currentId: to, ids: [to], wraps: [{ masterId: to, keys: all }] })
    forgetRing(projectId)
    expect(await open(projectId, 'c', sealed)).toEqual(words)
    expect(await loadPlatformSecret()).toEqual(secret)
    expect(await rewrapKeys()).toEqual({ rewrapped: 0, failed: 0 })
  })

  it('is finished later where it was cut off, by several at once, and wraps a destroyed key never again', async () => {
    const projects = await Promise.all(Array.from({ length: 11 }, () => makeProject()))
    const sealed = await Promise.all(projects.map((project) => seal(project.projectId, 'c', words)))
    await seal(projectId, 'c', words)
    await destroyKeys(projectId)
    await rotateMasterKey()
    // As where it was killed halfway: the new master key wraps some by now.
    const { projectId: late } = await makeProject()
    await seal(late, 'c', words)
    const all = await Promise.all([rewrapKeys(), rewrapKeys(), rewrapKeys()])
    expect(all.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(11)
    for (const [at, project] of projects.entries()) {
      forgetRing(project.projectId)
      expect(await open(project.projectId, 'c', sealed[at] as Buffer)).toEqual(words)
    }
    expect(await verifyKeys()).toEqual({ keys: 12, opened: 12, destroyed: 1, broken: [] })
  })

  it('keeps the old one while a row could not be moved, and says which', async () => {
    const { masterKeys, keys } = rotatingKeys()
    register({ masterKeys })
    await seal(projectId, 'c', words)
    const { projectId: bent } = await makeProject()
    const id = await activeKeyId(bent)
    await database.pool.query('UPDATE "DataKey" SET wrapped = $2 WHERE id = $1', [id, randomBytes(77)])
    await rotateMasterKey()
    expect(await rewrapKeys()).toEqual({ rewrapped: 1, failed: 1 })
    expect(keys).toHaveLength(2)
    expect(await verifyKeys()).toMatchObject({
      keys: 2,
      opened: 1,
      broken: [{ id, projectId: bent, reason: expect.stringContaining('altered') }],
    })
  })

  it('wraps a first key that was made under a forgotten master key anew', async () => {
    const { firstKey } = await import('../service.ts')
    const first = await firstKey(projectId)
    const sealed = first.seal('c', words)
    await rotateMasterKey()
    await rewrapKeys()
    await database.db.$transaction((tx) => first.store(tx))
    forgetRing(projectId)
    expect(await open(projectId, 'c', sealed)).toEqual(words)
  })

  it('takes up a key that the operator put first, and asks for it before', async () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    register({ masterKeys: localMasterKeys(fixedRing([old])) })
    const sealed = await seal(projectId, 'c', words)
    expect(await refusal(rotateMasterKey())).toBe('masterKeyFixed')
    register({ masterKeys: localMasterKeys(fixedRing([fresh, old])) })
    expect(await rotateMasterKey()).toEqual({ from: masterIdOf(old), to: masterIdOf(fresh) })
    expect(await rewrapKeys()).toEqual({ rewrapped: 1, failed: 0 })
    register({ masterKeys: localMasterKeys(fixedRing([fresh])) })
    forgetRing(projectId)
    expect(await open(projectId, 'c', sealed)).toEqual(words)
  })

  it('moves what was wrapped before master keys had ids', async () => {
    const sealed = await seal(projectId, 'c', words)
    await database.pool.query('UPDATE "DataKey" SET "masterId" = NULL')
    expect((await masterState()).wraps).toEqual([{ masterId: '', keys: 1 }])
    expect(await rewrapKeys()).toEqual({ rewrapped: 1, failed: 0 })
    expect((await masterState()).wraps).toEqual([{ masterId: await registry('masterKeys').current(), keys: 1 }])
    forgetRing(projectId)
    expect(await open(projectId, 'c', sealed)).toEqual(words)
  })
})

describe('the platform’s secret', () => {
  it('is made once, however many start at once, and is told apart from other master keys', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => loadPlatformSecret()))
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1)
    expect(secrets[0]).toHaveLength(32)
    register(testKeys())
    expect(await refusal(loadPlatformSecret())).toBe('masterKeyOther')
  })

  it('comes with the key that older versions derived, so that what they sealed opens after every rotation', async () => {
    await makeUser()
    const { masterKeys, keys } = rotatingKeys()
    register({ masterKeys })
    const derived = platformKey(keys[0] as Buffer)
    const sealed = sealWith(derived.key, derived.id, ['platform', 'feedback/1'], words)
    await loadPlatformSecret()
    expect(await openForPlatform('feedback/1', sealed)).toEqual(words)
    expect(await refusal(openForPlatform('feedback/2', sealed))).toBe('sealAltered')
    expect(keyIdOf(await sealForPlatform('feedback/1', words))).not.toBe(derived.id)
    await rotateMasterKey()
    await rewrapKeys()
    forgetRing(null)
    expect(await openForPlatform('feedback/1', sealed)).toEqual(words)
    expect(await statesOf(null)).toEqual(['ACTIVE', 'RETIRED'])
  })

  it('asks for a backup until there is one of the master key in use', async () => {
    const { exportKeys } = await import('../service.ts')
    expect(await masterKeyNotice()).toContain('/data/master.key')
    await exportKeys('a long passphrase')
    expect(await masterKeyNotice()).toBeNull()
    expect(Date.parse((await masterState()).backedUpAt ?? '')).toBeGreaterThan(systemClock.now() - minutes)
    await rotateMasterKey()
    expect(await masterKeyNotice()).not.toBeNull()
    register(testKeys())
    expect(await masterKeyNotice()).toBeNull()
  })
})

it('an id that is no key’s is none of the ring', async () => {
  await activeKeyId(projectId)
  expect(await refusal(open(projectId, 'c', sealWith(randomBytes(32), randomUUID(), [projectId, 'c'], words)))).toBe('keyUnknown')
})
