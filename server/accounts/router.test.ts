import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer, onRightsChange } from '@/server/core/sockets.ts'
import { createCallerFactory, router } from '@/server/core/trpc.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { accountsRouter } from './router.ts'
import { sessionsPage } from './schema.ts'

let database: TestDatabase
let http: Server
let sockets: AppSocketServer
const base = () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`

beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url) })
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  // No regular look comes while a test runs: what ends a socket is the change itself.
  sockets = makeSocketServer(http, base(), { lookEveryMs: 2 ** 31 - 1 })
})
afterAll(async () => {
  await sockets.close()
  await registry('hub').close()
  await database.drop()
})

const callers = createCallerFactory(router({ accounts: accountsRouter }))
const as = async (cookie: string) =>
  callers({ caller: await callerOf(new Headers({ cookie })), address: null, userAgent: null, requestId: 'r' })
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

async function person() {
  const user = await makeUser()
  const cookie = await makeSession(user.id, { userAgent: chrome, address: '192.0.2.7' })
  return { user, cookie, api: await as(cookie) }
}

/** A page's socket of a session that stands, its first look over. */
async function socketOf(cookie: string) {
  let looked = false
  sockets.once('connection', (socket) =>
    onRightsChange(socket, () => {
      looked = true
    }),
  )
  const client = io(base(), { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { cookie } })
  await until(() => looked && client.connected, { what: 'the socket' })
  return client
}

describe('the profile', () => {
  it('goes before Google’s name, and back to it; what is left out stays', async () => {
    const { api, cookie } = await person()
    expect(await api.accounts.profile()).toMatchObject({ googleName: 'A Person', displayName: null, locale: null, theme: null })
    await api.accounts.changeProfile({ displayName: ' Jo ', locale: 'ko' })
    expect(await api.accounts.changeProfile({ theme: 'dark' })).toMatchObject({ displayName: 'Jo', locale: 'ko', theme: 'dark' })
    const elsewhere = await as(cookie)
    expect(await elsewhere.accounts.me()).toMatchObject({ name: 'Jo', locale: 'ko', theme: 'dark' })
    expect(await api.accounts.changeProfile({ displayName: '', locale: null })).toMatchObject({
      displayName: null,
      locale: null,
      theme: 'dark',
    })
    expect(await (await as(cookie)).accounts.me()).toMatchObject({ name: 'A Person' })
  })

  it('is open to people who are not let in yet, and to nobody without a session', async () => {
    const user = await makeUser({ approvedAt: null, onboardedAt: null })
    const api = await as(await makeSession(user.id))
    expect(await api.accounts.profile()).toMatchObject({ email: user.email })
    await expect((await as('')).accounts.profile()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const suspended = await makeUser({ suspendedAt: new Date() })
    await expect((await as(await makeSession(suspended.id))).accounts.profile()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('own sessions', () => {
  it('are told with browser and address, this one first and marked; those that ended are not', async () => {
    const { user, api } = await person()
    await makeSession(user.id, { userAgent: null })
    await makeSession(user.id, { expires: new Date(Date.now() - 1_000) })
    const { items, next } = await api.accounts.sessions({})
    expect(items).toHaveLength(2)
    expect(next).toBeNull()
    expect(items[0]).toMatchObject({ current: true, browser: 'Chrome 126', system: 'Linux', device: 'desktop', address: '192.0.2.7' })
    expect(items[1]).toMatchObject({ current: false, browser: null, system: null })
    expect(JSON.stringify(items)).not.toContain('sessionToken')
  })

  it('come by pages, each session once', async () => {
    const { user, api } = await person()
    for (let i = 0; i < sessionsPage + 5; i++) await makeSession(user.id)
    const first = await api.accounts.sessions({})
    expect(first.items).toHaveLength(sessionsPage + 1)
    const second = await api.accounts.sessions({ cursor: first.next ?? '' })
    expect(second).toMatchObject({ next: null })
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(sessionsPage + 6)
  })

  it('end one by one, with their sockets at once; another one goes on', async () => {
    const { user, api, cookie } = await person()
    const other = await makeSession(user.id)
    const [mine, theirs] = [await socketOf(cookie), await socketOf(other)]
    const id = (await api.accounts.sessions({})).items.find(({ current }) => !current)?.id ?? ''
    await api.accounts.endSession({ id })
    await until(() => !theirs.connected, { what: 'the end of the socket' })
    expect(mine.connected).toBe(true)
    mine.disconnect()
    expect(await (await as(other)).accounts.me()).toBeNull()
    await expect(api.accounts.endSession({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of somebody else do not exist', async () => {
    const [one, two] = [await person(), await person()]
    const id = (await two.api.accounts.sessions({})).items[0]?.id ?? ''
    await expect(one.api.accounts.endSession({ id })).rejects.toMatchObject({ code: 'NOT_FOUND', cause: { key: 'noSession' } })
    expect(await (await as(two.cookie)).accounts.me()).not.toBeNull()
  })

  it('end all but this one, and then this one too', async () => {
    const { user, api, cookie } = await person()
    const bystander = await person()
    for (let i = 0; i < 3; i++) await makeSession(user.id)
    expect(await api.accounts.endOtherSessions()).toEqual({ ended: 3 })
    expect((await api.accounts.sessions({})).items).toMatchObject([{ current: true }])
    expect(await api.accounts.endOtherSessions()).toEqual({ ended: 0 })
    const socket = await socketOf(cookie)
    expect(await api.accounts.signOutEverywhere()).toEqual({ ended: 1 })
    await until(() => !socket.connected, { what: 'the end of the socket' })
    expect(await (await as(cookie)).accounts.me()).toBeNull()
    expect(await (await as(bystander.cookie)).accounts.me()).not.toBeNull()
  })
})
