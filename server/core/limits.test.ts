import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser, unique } from '@/server/testing/factories.ts'
import { openDatabase } from './db.ts'
import type { AppError } from './errors.ts'
import { actorFromId, type Caller } from './gates.ts'
import { checkFor, countFor, countUse, limits, removeExpiredLimits } from './limits.ts'
import { register } from './registry.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const nobody: Caller = { actor: null, via: null }
const makeCaller = async (via: Caller['via']): Promise<Caller> => {
  const actor = await actorFromId((await makeUser()).id)
  return { actor, via } as Caller
}
const session = { kind: 'session', id: 's' } as const
const address = () => `2001:db8:${Math.floor(Math.random() * 0xffff).toString(16)}:${Math.floor(Math.random() * 0xffff).toString(16)}::1`
const rows = async () =>
  (await database.pool.query('SELECT key, points FROM rate_limit ORDER BY key')).rows as { key: string; points: number }[]

/** How many of so many uses at once are let through; the last refusal. */
async function burst(count: number, use: () => Promise<void>) {
  const results = await Promise.allSettled(Array.from({ length: count }, use))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as AppError] : []))
  return { passed: count - refused.length, refusal: refused.at(-1) }
}

describe('a limit', () => {
  test('lets so many through, however many come at once, and says when to come again', async () => {
    const caller = await makeCaller(session)
    const { passed, refusal } = await burst(40, () => countUse('apply', caller, null))
    expect(passed).toBe(limits.apply.points)
    expect(refusal).toMatchObject({ code: 'TOO_MANY_REQUESTS', key: 'tooMany', values: { minutes: 60 } })
    expect(refusal?.retryAfter).toBeGreaterThan(3_500)
    expect(refusal?.retryAfter).toBeLessThanOrEqual(3_600)
  })

  test('holds over every node: what one pool counted another one knows', async () => {
    const other = openDatabase(database.url, 4)
    const caller = await makeCaller(session)
    const use = () => countUse('feedback', caller, null)
    const turns = [database, other].map((node) => {
      register({ pool: node.pool })
      return burst(30, use)
    })
    register({ pool: database.pool })
    const passed = (await Promise.all(turns)).reduce((sum, turn) => sum + turn.passed, 0)
    expect(passed).toBe(limits.feedback.points)
    await other.db.$disconnect()
    await other.pool.end()
  })

  test('is counted for the person, the token and the address apart', async () => {
    const [one, two] = [await makeCaller(session), await makeCaller({ kind: 'token', id: unique('token'), scopes: [] })]
    const home = address()
    const use = (caller: Caller) => () => countUse('export', caller, home)
    expect((await burst(8, use(one))).passed).toBe(limits.export.points)
    expect((await burst(8, use(two))).passed).toBe(limits.export.points)
    const token = two.via?.kind === 'token' ? two.via.id : ''
    expect((await rows()).map(({ key }) => key)).toEqual(expect.arrayContaining([`export:person:token ${token}`]))
  })

  test('an address is bounded whoever signs in there, and a network of IPv6 is one address', async () => {
    const home = address()
    const neighbour = home.replace(/::1$/, ':ffff::2')
    const use = (from: string) => () => countUse('signIn', nobody, from)
    const passed = (await burst(40, use(home))).passed + (await burst(40, use(neighbour))).passed
    expect(passed).toBe(limits.signIn.perAddress)
    expect((await burst(1, use(address()))).passed).toBe(1)
  })

  test('where no address is known, nobody who is not signed in is counted', async () => {
    const before = await rows()
    await countUse('signIn', nobody, null)
    await countUse('create', { ...(await makeCaller(session)), via: { kind: 'operator' } } as Caller, '203.0.113.9')
    expect(await rows()).toEqual(before)
  })

  test('one that is only looked at is not counted', async () => {
    const key = unique('receiver')
    for (let look = 0; look < 30; look++) await checkFor('mail', key)
    expect((await burst(30, () => countFor('mail', key))).passed).toBe(limits.mail.points)
    await expect(checkFor('mail', key)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  test('begins anew after its time, and the sweep removes what is over and nothing else', async () => {
    const [old, fresh] = [unique('old'), unique('fresh')]
    await burst(30, () => countFor('mail', old))
    await countFor('mail', fresh)
    await database.pool.query('UPDATE rate_limit SET expire = $1 WHERE key = $2', [Date.now() - 1, `mail:person:${old}`])
    await countFor('mail', old)
    await database.pool.query('UPDATE rate_limit SET expire = $1 WHERE key = $2', [Date.now() - 1, `mail:person:${old}`])
    expect(await removeExpiredLimits()).toBe(1)
    const left = (await rows()).map(({ key }) => key)
    expect(left).toContain(`mail:person:${fresh}`)
    expect(left).not.toContain(`mail:person:${old}`)
  })
})
