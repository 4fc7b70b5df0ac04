import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { forgetRing } from './ring/cache.ts'
import { sealWith } from './rules.ts'
import {
  activeKeyId,
  destroyKeys,
  firstKey,
  keyIdOfSealed,
  keysOf,
  open,
  openForPlatform,
  resealed,
  rotateDataKey,
  seal,
  sealForPlatform,
} from './service.ts'

let database: TestDatabase
const masterKey = randomBytes(32)
const secretWords = 'confidential words'

beforeAll(async () => {
  database = await testDatabase()
  register(testKeys(masterKey))
})
afterAll(() => database.drop())

const rowsOf = async (projectId: string): Promise<{ id: string; wrapped: Buffer }[]> =>
  (await database.pool.query('SELECT id, wrapped FROM "DataKey" WHERE "projectId" = $1', [projectId])).rows

/** How opening is refused: never with anything of what is inside. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => expect.fail('it opened'),
    (refusal: AppError) => refusal,
  )
  expect(error.name).toBe('AppError')
  expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('confidential')
  return `${error.code} ${error.key}`
}

describe('the vault', () => {
  it('opens what it sealed, and makes a project one key however many ask at once', async () => {
    const { projectId } = await makeProject()
    expect(await rowsOf(projectId)).toEqual([])
    const sealed = await Promise.all(Array.from({ length: 30 }, (_, i) => seal(projectId, `row/${i}`, Buffer.from(`text ${i}`))))
    expect(await rowsOf(projectId)).toHaveLength(1)
    const plain = await Promise.all(sealed.map((bytes, i) => open(projectId, `row/${i}`, bytes)))
    expect(plain.map(String)).toEqual(sealed.map((_, i) => `text ${i}`))
  })

  it('never stores a key as it is', async () => {
    const { projectId } = await makeProject()
    await seal(projectId, 'c', Buffer.from('x'))
    const [row] = await rowsOf(projectId)
    expect(row?.wrapped.length).toBe(1 + 16 + 12 + 16 + 32)
    expect(row?.wrapped.includes(masterKey)).toBe(false)
  })

  it('makes no key for a project that is not there', async () => {
    const { projectId } = await makeProject()
    await database.pool.query('DELETE FROM "Project" WHERE id = $1', [projectId])
    expect(await refusalOf(seal(projectId, 'c', Buffer.from('x')))).toBe('NOT_FOUND noProjectForKey')
  })

  it('asks the database once for a cold key, and never for a warm one', async () => {
    const { projectId } = await makeProject()
    const sealed = await seal(projectId, 'c', Buffer.from('x'))
    let asked = 0
    // Whatever goes to the database takes a connection of the pool's first.
    const connect = database.pool.connect.bind(database.pool)
    const counting = (...args: [never]) => {
      asked++
      return connect(...args)
    }
    Object.assign(database.pool, { connect: counting })
    try {
      forgetRing(projectId)
      await Promise.all(Array.from({ length: 20 }, () => seal(projectId, 'c', Buffer.from('x'))))
      expect(asked).toBe(1)
      await seal(projectId, 'c', Buffer.from('x'))
      await open(projectId, 'c', sealed)
      expect(asked).toBe(1)
    } finally {
      Object.assign(database.pool, { connect })
    }
  })

  it('stores a first key with its project, or not at all', async () => {
    const { projectId } = await makeProject()
    const first = await firstKey(projectId)
    const sealed = first.seal('issue', Buffer.from('the issue'))
    expect(await refusalOf(open(projectId, 'issue', sealed))).toBe('NOT_FOUND keyUnknown')
    await database.db.$transaction((tx) => first.store(tx))
    expect(String(await open(projectId, 'issue', sealed))).toBe('the issue')
    expect(await activeKeyId(projectId)).toBe(keyIdOfSealed(sealed))
  })
})

describe('what does not open', () => {
  let projectId: ProjectId
  let sealed: Buffer
  beforeAll(async () => {
    projectId = (await makeProject()).projectId
    sealed = await seal(projectId, 'stream/1', Buffer.from(secretWords))
  })

  it('is every flipped bit', async () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const copy = Buffer.from(sealed)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      const expected = bit < 8 ? 'BAD_REQUEST notSealed' : bit < 17 * 8 ? 'NOT_FOUND keyUnknown' : 'CONFLICT sealAltered'
      expect(await refusalOf(open(projectId, 'stream/1', copy)), `bit ${bit}`).toBe(expected)
    }
  })

  it('is every cut and every added byte', async () => {
    for (let length = 0; length < sealed.length; length++) {
      const expected = length < 1 + 16 + 12 + 16 ? 'BAD_REQUEST notSealed' : 'CONFLICT sealAltered'
      expect(await refusalOf(open(projectId, 'stream/1', sealed.subarray(0, length))), `${length} bytes`).toBe(expected)
    }
    for (const more of [1, 2, 16, 100])
      expect(await refusalOf(open(projectId, 'stream/1', Buffer.concat([sealed, randomBytes(more)])))).toBe('CONFLICT sealAltered')
  })

  it('is what was moved: to another row, kind, project or to the platform', async () => {
    const { projectId: stranger } = await makeProject()
    const theirs = await seal(stranger, 'stream/1', Buffer.from(secretWords))
    const platforms = await sealForPlatform('stream/1', Buffer.from(secretWords))
    for (const context of ['stream/2', 'artifact/1', 'stream/1/', 'stream', '', 'Stream/1', 'stream/1\0'])
      expect(await refusalOf(open(projectId, context, sealed)), context).toBe('CONFLICT sealAltered')
    expect(await refusalOf(open(stranger, 'stream/1', sealed))).toBe('NOT_FOUND keyUnknown')
    expect(await refusalOf(open(projectId, 'stream/1', theirs))).toBe('NOT_FOUND keyUnknown')
    expect(await refusalOf(open(projectId, 'stream/1', platforms))).toBe('NOT_FOUND keyUnknown')
    expect(await refusalOf(openForPlatform('stream/1', sealed))).toBe('NOT_FOUND keyUnknown')
    expect(await refusalOf(openForPlatform('stream/2', platforms))).toBe('CONFLICT sealAltered')
  })

  it('is what another key sealed in the name of ours, and random bytes of any length', async () => {
    const forged = sealWith(randomBytes(32), await activeKeyId(projectId), [projectId, 'stream/1'], Buffer.from(secretWords))
    expect(await refusalOf(open(projectId, 'stream/1', forged))).toBe('CONFLICT sealAltered')
    for (let length = 0; length < 200; length++)
      expect(await refusalOf(open(projectId, 'stream/1', randomBytes(length)))).toMatch(/^(BAD_REQUEST notSealed|NOT_FOUND keyUnknown)$/)
    expect(await refusalOf(open(projectId, 'stream/1', Buffer.from(secretWords)))).toBe('BAD_REQUEST notSealed')
  })

  it('is what a destroyed key sealed, in words of its own', async () => {
    const { projectId: gone } = await makeProject()
    const lost = await seal(gone, 'c', Buffer.from(secretWords))
    expect(await destroyKeys(gone)).toBe(1)
    expect(await refusalOf(open(gone, 'c', lost))).toBe('NOT_FOUND keyDestroyed')
  })

  it('is all of it where the master key is another one, and all of it opens once the right one is back', async () => {
    register(testKeys())
    forgetRing(projectId)
    expect(await refusalOf(open(projectId, 'stream/1', sealed))).toBe('UNAVAILABLE masterKeyOther')
    expect(await refusalOf(seal(projectId, 'stream/1', Buffer.from('x')))).toBe('UNAVAILABLE masterKeyOther')
    // A row of before master keys had ids names none.
    await database.pool.query('UPDATE "DataKey" SET "masterId" = NULL WHERE "projectId" = $1', [projectId])
    expect(await refusalOf(open(projectId, 'stream/1', sealed))).toBe('UNAVAILABLE masterKeyOther')
    register(testKeys(masterKey))
    expect(String(await open(projectId, 'stream/1', sealed))).toBe(secretWords)
  })

  it('is what a wrapped key that was altered, or put in another row, sealed', async () => {
    const { projectId: bent } = await makeProject()
    const theirs = await seal(bent, 'c', Buffer.from(secretWords))
    const [row] = await rowsOf(bent)
    const altered = Buffer.from(row?.wrapped ?? [])
    altered[altered.length - 1] = (altered.at(-1) as number) ^ 1
    const put = (wrapped: Uint8Array) => database.pool.query('UPDATE "DataKey" SET wrapped = $2 WHERE "projectId" = $1', [bent, wrapped])
    for (const wrapped of [altered, (await rowsOf(projectId))[0]?.wrapped ?? altered, Buffer.alloc(0)]) {
      await put(wrapped)
      forgetRing(bent)
      expect(await refusalOf(open(bent, 'c', theirs))).toBe('CONFLICT keyDamaged')
    }
    await put(row?.wrapped ?? altered)
    expect(String(await open(bent, 'c', theirs))).toBe(secretWords)
  })
})

describe('what belongs to no project', () => {
  it('opens in its place alone, under a key of the platform’s own', async () => {
    const plain = Buffer.from('a picture')
    const sealed = await sealForPlatform('feedback/1', plain)
    expect(sealed.includes(plain)).toBe(false)
    expect(await openForPlatform('feedback/1', sealed)).toEqual(plain)
    expect((await sealForPlatform('feedback/1', plain)).equals(sealed)).toBe(false)
    expect((await keysOf(null)).map(({ id, state }) => [id, state])).toEqual([[keyIdOfSealed(sealed), 'ACTIVE']])
  })

  it('has one key, however many ask at once', async () => {
    await database.pool.query('DELETE FROM "DataKey" WHERE "projectId" IS NULL')
    forgetRing(null)
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        forgetRing(null)
        await sealForPlatform('c', Buffer.from('x'))
      }),
    )
    expect(await keysOf(null)).toHaveLength(1)
  })
})

describe('sealing anew', () => {
  it('moves to the active key what another one sealed, and leaves the rest', async () => {
    for (const scope of [(await makeProject()).projectId, null]) {
      const sealOne = (context: string, plain: Buffer) => (scope ? seal(scope, context, plain) : sealForPlatform(context, plain))
      const openOne = (context: string, sealed: Buffer) => (scope ? open(scope, context, sealed) : openForPlatform(context, sealed))
      const old = await sealOne('c', Buffer.from(secretWords))
      expect(await resealed(scope, 'c', old)).toBeNull()
      const { id } = await rotateDataKey(scope)
      const fresh = await resealed(scope, 'c', old)
      expect(fresh && keyIdOfSealed(fresh)).toBe(id)
      expect(String(await openOne('c', fresh as Buffer))).toBe(secretWords)
      expect(String(await openOne('c', old))).toBe(secretWords)
      expect(await refusalOf(resealed(scope, 'd', old))).toBe('CONFLICT sealAltered')
    }
  })

  it('what is being sealed anew while the keys are destroyed goes with them', async () => {
    const { projectId } = await makeProject()
    const old = await seal(projectId, 'c', Buffer.from(secretWords))
    await rotateDataKey(projectId)
    await activeKeyId(projectId)
    const masters = registry('masterKeys')
    const unwrap: typeof masters.unwrap = async (row, binding) => {
      const key = await masters.unwrap(row, binding)
      await destroyKeys(projectId)
      return key
    }
    register({ masterKeys: { ...masters, unwrap } })
    const fresh = await resealed(projectId, 'c', old).finally(() => register({ masterKeys: masters }))
    expect(await refusalOf(open(projectId, 'c', fresh as Buffer))).toBe('NOT_FOUND keyDestroyed')
  })

  it('knows the key of what is sealed, and says of anything else that there is none', async () => {
    expect(keyIdOfSealed(Buffer.from('words'))).toBeNull()
    expect(keyIdOfSealed(Buffer.alloc(0))).toBeNull()
    const id = randomUUID()
    expect(keyIdOfSealed(sealWith(randomBytes(32), id, [], Buffer.from('x')))).toBe(id)
  })
})
