import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authOptions } from '@/server/core/auth.ts'
import { env } from '@/server/core/env.ts'
import { actorFromId } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser, unique } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { operatorActor, recordSignIn, removeExpiredSessions, signInState } from './service.ts'

let database: TestDatabase
const google = { issuer: 'http://127.0.0.1:1', wellKnown: 'http://127.0.0.1:1/w', clientId: 'id', clientSecret: 'secret', standIn: true }
beforeAll(async () => {
  database = await testDatabase()
  register({ ...testKeys(Buffer.alloc(32)), identity: google })
})
afterAll(() => database.drop())
beforeEach(() => {
  env().MAESTRO_URL = undefined
})

const userOf = (id: string) => database.db.user.findUniqueOrThrow({ where: { id } })
const profile = (over: Record<string, unknown> = {}) => ({
  sub: unique('sub'),
  email: 'Jo@Example.com',
  email_verified: true,
  name: 'Jo',
  ...over,
})
const mayEnter = (given: Record<string, unknown>) =>
  authOptions(recordSignIn, { address: null, userAgent: null }).callbacks?.signIn?.({
    profile: profile(given),
    user: { id: '' },
    account: null,
  } as never)

describe('a sign-in', () => {
  it('records who the person is and when, and follows a change of name, picture and address', async () => {
    const { id } = await makeUser({ name: null, emailVerified: null })
    const first = {
      userId: id,
      googleId: unique('sub'),
      email: `${unique('jo')}@example.com`,
      name: 'Jo',
      image: 'https://example.com/jo.png',
    }
    await recordSignIn(first)
    const { userId: _, ...stored } = first
    expect(await userOf(id)).toMatchObject({
      ...stored,
      emailVerified: expect.any(Date),
      createdAt: expect.any(Date),
      lastLoginAt: expect.any(Date),
    })
    const later = { ...first, email: `${unique('joanna')}@example.com`, name: 'Joanna', image: null }
    await recordSignIn(later)
    expect(await userOf(id)).toMatchObject({ email: later.email, name: 'Joanna', image: null })
  })

  it('takes an old address, and the rights that hang on it, away', async () => {
    const admin = await makeUser({ email: 'admin@maestro.localhost' })
    expect((await actorFromId(admin.id))?.admin).toBe(true)
    const other = await makeUser()
    await recordSignIn({ userId: admin.id, googleId: unique('sub'), email: other.email, name: null, image: null })
    expect(await userOf(admin.id)).toMatchObject({ email: 'admin@maestro.localhost', emailVerified: null })
    expect((await actorFromId(admin.id))?.admin).toBe(false)
  })

  it('is refused without a verified address, and where the address was another person’s before', async () => {
    const known = await makeUser({ googleId: unique('sub') })
    expect(await mayEnter({ email_verified: false })).toBe('/sign-in?error=AccessDenied')
    expect(await mayEnter({})).toBe(true)
    expect(await mayEnter({ email: known.email.toUpperCase() })).toBe('/sign-in?error=AccessDenied')
    expect(await mayEnter({ email: known.email, sub: known.googleId })).toBe(true)
    expect(await mayEnter({ email: (await makeUser()).email })).toBe(true)
  })

  it('keeps no token of the provider', async () => {
    const { id } = await makeUser()
    const account = { userId: id, type: 'oauth' as const, provider: 'google', providerAccountId: unique('sub') }
    await authOptions(recordSignIn, { address: null, userAgent: null }).adapter?.linkAccount?.({
      ...account,
      access_token: 'secret',
      id_token: 'secret',
      refresh_token: 'secret',
    })
    const stored = await database.db.account.findFirstOrThrow({ where: { userId: id } })
    expect(stored).toMatchObject(account)
    expect(JSON.stringify(stored)).not.toContain('secret')
  })

  it('sets cookies that on HTTPS belong to this host alone', () => {
    const names = () =>
      Object.values(authOptions(recordSignIn, { address: null, userAgent: null }).cookies ?? {}).map((cookie) => cookie?.name ?? '')
    expect(names().every((name) => name.startsWith('next-auth.'))).toBe(true)
    env().MAESTRO_URL = 'https://maestro.example.com'
    expect(names().length).toBe(6)
    expect(names().every((name) => name.startsWith('__Host-next-auth.'))).toBe(true)
  })
})

it('the operator is the first administrator, made once', async () => {
  await database.db.user.deleteMany({ where: { email: 'admin@maestro.localhost' } })
  const [one, two] = [await operatorActor(), await operatorActor()]
  expect(one).toMatchObject({ id: two.id, email: 'admin@maestro.localhost', admin: true })
  env().GOOGLE_CLIENT_ID = 'real'
  await expect(operatorActor()).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('ADMIN_EMAILS') })
  env().GOOGLE_CLIENT_ID = undefined
})

it('what is missing for a sign-in is named', () => {
  expect(signInState()).toEqual({ mode: 'stand-in', missing: [], domains: [] })
  register({ identity: null })
  expect(signInState()).toEqual({ mode: 'missing', missing: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'], domains: [] })
  register({ identity: google })
})

it('sessions that have ended are removed', async () => {
  const { id: userId } = await makeUser()
  const session = (sessionToken: string, expires: number) => ({ userId, sessionToken, expires: new Date(expires) })
  await database.db.session.createMany({ data: [session(unique('t'), Date.now() - 1_000), session(unique('t'), Date.now() + 60_000)] })
  expect(await removeExpiredSessions()).toBe(1)
  expect(await database.db.session.count({ where: { userId } })).toBe(1)
})
