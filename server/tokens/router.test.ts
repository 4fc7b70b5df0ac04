import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { accountsRouter } from '@/server/accounts/router.ts'
import { systemClock } from '@/server/core/clock.ts'
import { hashSecret } from '@/server/core/credentials.ts'
import { callerOf } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { createCallerFactory, router } from '@/server/core/trpc.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { tokensRouter } from './router.ts'
import { tokenLimits } from './schema.ts'
import { removeExpiredTokens } from './service.ts'

let database: TestDatabase
const publish = vi.fn()
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: { publish, subscribe: () => () => undefined, close: async () => undefined } })
})
afterAll(() => database.drop())

const callers = createCallerFactory(router({ accounts: accountsRouter, tokens: tokensRouter }))
const from = async (headers: Record<string, string>) =>
  callers({ caller: await callerOf(new Headers(headers)), address: null, userAgent: null, requestId: 'r' })
const withToken = (secret: string) => from({ authorization: `Bearer ${secret}` })

async function person(over: Parameters<typeof makeUser>[0] = {}) {
  const user = await makeUser(over)
  const cookie = await makeSession(user.id)
  return { user, api: await from({ cookie }) }
}
const wanted = { name: 'CI', scopes: ['read'] as ('read' | 'write' | 'admin')[], days: 30 as const }
const audited = (targetId: string) => database.db.auditEntry.findMany({ where: { targetId }, orderBy: { id: 'asc' } })

it('a token is shown once, kept as a hash, works, and is listed with its last use', async () => {
  const { user, api } = await person()
  const { token, secret } = await api.tokens.create(wanted)
  expect(secret).toMatch(/^mst_[\w-]{43}$/)
  expect(token).toMatchObject({ name: 'CI', scopes: ['read'], expired: false, lastUsedAt: null, prefix: secret.slice(0, 10) })
  expect(Date.parse(token.expiresAt ?? '') - Date.parse(token.createdAt)).toBe(30 * 24 * 3_600_000)
  const stored = await database.db.apiToken.findUniqueOrThrow({ where: { id: token.id } })
  expect(stored.hash).toBe(hashSecret(secret))
  expect(JSON.stringify([stored, await audited(token.id), await api.tokens.list()])).not.toContain(secret)
  expect(await (await withToken(secret)).accounts.me()).toMatchObject({ email: user.email })
  await vi.waitFor(async () => expect((await api.tokens.list()).items[0]?.lastUsedAt).not.toBeNull(), { timeout: 60_000 })
  expect(await audited(token.id)).toMatchObject([
    { action: 'token.created', actorId: user.id, targetLabel: 'CI', details: { scopes: 'read' } },
  ])
})

it('a revoked token opens nothing any more; revoking again changes nothing', async () => {
  const { user, api } = await person()
  const { token, secret } = await api.tokens.create({ ...wanted, days: null })
  expect(token.expiresAt).toBeNull()
  publish.mockClear()
  await Promise.all([api.tokens.revoke({ id: token.id }), api.tokens.revoke({ id: token.id })])
  await api.tokens.revoke({ id: token.id })
  expect(publish).toHaveBeenCalledWith(`person:${user.id}`, {})
  await expect(withToken(secret)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', key: 'tokenUnknown' })
  expect((await audited(token.id)).map(({ action }) => action)).toEqual(['token.created', 'token.revoked'])
})

it('somebody else’s token is neither seen nor revoked', async () => {
  const [one, two] = [await person(), await person()]
  const { token, secret } = await one.api.tokens.create(wanted)
  expect((await two.api.tokens.list()).items).toEqual([])
  await two.api.tokens.revoke({ id: token.id })
  expect(await (await withToken(secret)).accounts.me()).not.toBeNull()
  expect(await audited(token.id)).toHaveLength(1)
})

it('an expired token is refused, shown as expired, and removed 90 days later', async () => {
  const { api } = await person()
  const { token, secret } = await api.tokens.create({ ...wanted, days: 7 })
  const at = (days: number) => register({ clock: { ...systemClock, now: () => Date.now() + days * 24 * 3_600_000 } })
  try {
    at(7.01)
    await expect(withToken(secret)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', key: 'tokenExpired' })
    expect((await api.tokens.list()).items).toMatchObject([{ id: token.id, expired: true }])
    at(7 + tokenLimits.keptAfterExpiryDays - 1)
    await removeExpiredTokens()
    expect((await api.tokens.list()).items).toHaveLength(1)
    at(8 + tokenLimits.keptAfterExpiryDays)
    expect(await removeExpiredTokens()).toBe(1)
    expect((await api.tokens.list()).items).toEqual([])
  } finally {
    register({ clock: systemClock })
  }
})

it('the scope admin is for administrators; a token makes no token, ends none and sees none', async () => {
  const [plain, admin] = [await person(), await person({ admin: true })]
  await expect(plain.api.tokens.create({ ...wanted, scopes: ['read', 'admin'] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    cause: { key: 'adminScope', field: 'scopes' },
  })
  const { token, secret } = await admin.api.tokens.create({ ...wanted, scopes: ['admin', 'write', 'read'] })
  expect(token.scopes).toEqual(['read', 'write', 'admin'])
  const byToken = await withToken(secret)
  const refused = { code: 'FORBIDDEN', cause: { key: 'noTokens' } }
  await expect(byToken.tokens.create(wanted)).rejects.toMatchObject(refused)
  await expect(byToken.tokens.list()).rejects.toMatchObject(refused)
  await expect(byToken.tokens.revoke({ id: token.id })).rejects.toMatchObject(refused)
  await expect(byToken.accounts.sessions({})).rejects.toMatchObject(refused)
  await expect(byToken.accounts.signOutEverywhere()).rejects.toMatchObject(refused)
})

it('a token does what its scopes say and no more', async () => {
  const { api } = await person()
  const reader = await withToken((await api.tokens.create(wanted)).secret)
  expect(await reader.accounts.profile()).toMatchObject({ locale: null })
  await expect(reader.accounts.changeProfile({ locale: 'ko' })).rejects.toMatchObject({ code: 'FORBIDDEN', cause: { key: 'tokenScope' } })
  const writer = await withToken((await api.tokens.create({ ...wanted, scopes: ['write'] })).secret)
  expect(await writer.accounts.changeProfile({ locale: 'ko' })).toMatchObject({ locale: 'ko' })
})

it('nobody has more than fifty, however many are asked for at once', async () => {
  const { user, api } = await person()
  const rows = Array.from({ length: tokenLimits.perPerson - 1 }, (_, i) => ({
    userId: user.id,
    name: `${i}`,
    hash: `${user.id}${i}`,
    prefix: 'mst_',
  }))
  await database.db.apiToken.createMany({ data: rows })
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => api.tokens.create(wanted)))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const [refused] = made.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused?.reason).toMatchObject({ code: 'CONFLICT', cause: { key: 'tooManyTokens', values: { most: 50 } } })
  expect(await database.db.apiToken.count({ where: { userId: user.id } })).toBe(tokenLimits.perPerson)
})

it.each([
  { ...wanted, name: '  ' },
  { ...wanted, name: 'x'.repeat(61) },
  { ...wanted, name: 'a\u202Eb' },
  { ...wanted, scopes: [] },
  { ...wanted, scopes: ['read', 'read'] as const },
  { ...wanted, scopes: ['root'] },
  { ...wanted, days: 8 },
])('%j is refused', async (given) => {
  const { api } = await person()
  await expect(api.tokens.create(given as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

it('whoever deleted their account a moment ago is told so', async () => {
  const { user, api } = await person()
  await database.db.user.delete({ where: { id: user.id } })
  await expect(api.tokens.create(wanted)).rejects.toMatchObject({ code: 'CONFLICT', cause: { key: 'deletedMeanwhile' } })
  expect(await database.db.apiToken.count({ where: { userId: user.id } })).toBe(0)
})
