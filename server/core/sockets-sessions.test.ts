import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Socket as ClientSocket, io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { addressHeader, hashSecret, sessionSecret } from './credentials.ts'
import { type Hub, personTopic } from './hub.ts'
import { openPostgresHub } from './hub-postgres.ts'
import { register, registry } from './registry.ts'
import { type AppSocketServer, makeSocketServer, onRightsChange, type SocketBounds } from './sockets.ts'

let database: TestDatabase
/** That of the process that holds the sockets, and that of another one which decides about people. */
let [here, elsewhere]: Hub[] = []
let http: Server
let server: AppSocketServer
let base: string
const clients: ClientSocket[] = []
/** No regular look comes while a test runs: what ends a socket is what the test did. */
const lookEveryMs = 2 ** 31 - 1

beforeAll(async () => {
  database = await testDatabase()
  here = await openPostgresHub(database.url)
  elsewhere = await openPostgresHub(database.url)
  register({ hub: here })
})
beforeEach(() => serve())
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  await server.close()
})
afterAll(async () => {
  await here?.close()
  await elsewhere?.close()
  await database.drop()
})

async function serve(bounds?: Partial<SocketBounds>): Promise<void> {
  if (bounds) await server.close()
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server = makeSocketServer(http, base, { lookEveryMs, ...bounds })
}
function connect(headers: Record<string, string>, transports = ['websocket']): ClientSocket {
  const client = io(base, { transports, forceNew: true, extraHeaders: { origin: base, ...headers }, reconnection: false })
  clients.push(client)
  return client
}
/** A person at a browser, whose first look is over; `closed` resolves once the server ends it. */
async function atBrowser() {
  const user = await makeUser()
  const cookie = await makeSession(user.id)
  let looked = 0
  server.once('connection', (socket) => onRightsChange(socket, () => void looked++))
  const client = connect({ cookie })
  await until(() => looked === 1 && client.connected)
  const closed = new Promise<void>((resolve) => client.once('disconnect', () => resolve()))
  return { user, cookie, client, closed, looked: () => looked }
}
const endSession = (cookie: string) => database.db.session.deleteMany({ where: { sessionToken: hashSecret(sessionSecret(cookie) ?? '') } })
const callers = async () => (await server.fetchSockets()).map((socket) => (socket.data as { caller: { actor: unknown } }).caller.actor)
/** The first message of an engine's own connection, which nobody has come in on. */
const knock = (headers: Record<string, string> = {}) =>
  fetch(`${base}/socket.io/?EIO=4&transport=polling`, { headers: { origin: base, ...headers } })

test('a session that is revoked by another process ends its sockets by the hint alone, and comes back as nobody', async () => {
  const { user, cookie, closed } = await atBrowser()
  const other = await atBrowser()
  await endSession(cookie)
  elsewhere?.publish(personTopic(user.id), {})
  await closed
  expect(other.client.connected).toBe(true)
  other.client.disconnect()
  const again = connect({ cookie })
  await until(() => again.connected)
  await until(async () => (await callers()).length === 1)
  expect(await callers()).toEqual([null])
})

test('one session’s end leaves the sockets of the person’s other sessions', async () => {
  const { user, cookie, closed } = await atBrowser()
  const second = connect({ cookie: await makeSession(user.id) })
  await until(() => second.connected)
  await endSession(cookie)
  elsewhere?.publish(personTopic(user.id), {})
  await closed
  await until(async () => (await callers()).length === 1)
  expect(second.connected).toBe(true)
})

test('whoever is suspended by another process loses every socket by the hint alone, and is not let in again', async () => {
  const { user, cookie, closed } = await atBrowser()
  const second = connect({ cookie: await makeSession(user.id) }, ['polling'])
  await until(() => second.connected)
  await database.db.user.update({ where: { id: user.id }, data: { suspendedAt: new Date() } })
  elsewhere?.publish(personTopic(user.id), {})
  await closed
  await until(() => second.disconnected)
  const refusal = new Promise<Error & { data?: unknown }>((resolve) => connect({ cookie }).once('connect_error', resolve))
  expect((await refusal).data).toMatchObject({ code: 'FORBIDDEN' })
})

test('what ended between the handshake and its first moment ends the socket, though nobody said so', async () => {
  const user = await makeUser()
  const cookie = await makeSession(user.id)
  server.use((_socket, next) => void endSession(cookie).then(() => next()))
  const client = connect({ cookie })
  await new Promise((resolve) => client.once('disconnect', resolve))
})

test('what is heard of a person who may still come in is handed on', async () => {
  const { user, client, looked } = await atBrowser()
  await database.db.user.update({ where: { id: user.id }, data: { admin: true } })
  elsewhere?.publish(personTopic(user.id), {})
  await until(() => looked() === 2)
  expect(await callers()).toMatchObject([{ admin: true }])
  expect(client.connected).toBe(true)
})

test('a database that is away when the hint comes ends nobody, and is asked again until it answers', async () => {
  const { user, cookie, client, closed } = await atBrowser()
  const other = await atBrowser()
  const pool = registry('pool')
  let failed = 0
  const away = async () => {
    failed++
    throw new Error('the database is away')
  }
  await endSession(cookie)
  register({ pool: Object.assign(Object.create(pool), { query: away }) })
  try {
    for (const { id } of [user, other.user]) elsewhere?.publish(personTopic(id), {})
    // Questions of one moment go out together: the third is a repetition, however the first two went.
    await until(() => failed >= 3)
    expect(client.connected).toBe(true)
  } finally {
    register({ pool })
  }
  await closed
  await until(() => other.looked() === 2)
  expect(other.client.connected).toBe(true)
})

test('a person has so many sockets at once and no more, until one of them ends', async () => {
  await serve({ scale: 0.04 })
  const { user, client } = await atBrowser()
  const cookie = await makeSession(user.id)
  const second = connect({ cookie })
  await until(() => second.connected)
  const refusal = new Promise<Error & { data?: unknown }>((resolve) => connect({ cookie }).once('connect_error', resolve))
  expect((await refusal).data).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  client.disconnect()
  await until(async () => (await callers()).length === 1)
  const third = connect({ cookie })
  await until(() => third.connected)
  // Coming and going on one connection uses up nothing.
  for (let round = 0; round < 5; round++) {
    third.disconnect().connect()
    await until(() => third.connected)
  }
})

test('an address has so many connections at once, also where nobody is signed in', async () => {
  await serve({ scale: 0.02 })
  const from = (address: string) => ({ [addressHeader]: address })
  const statuses = async (address: string, count: number) =>
    (await Promise.all(Array.from({ length: count }, () => knock(from(address))))).map(({ status }) => status)
  expect((await statuses('203.0.113.9', 10)).sort()).toEqual([...Array(4).fill(200), ...Array(6).fill(403)])
  expect(await statuses('203.0.113.10', 1)).toEqual([200])
  // A network of IPv6 is one household.
  expect((await statuses('2001:db8::1', 3)).concat(await statuses('2001:db8::2', 2)).sort()).toEqual([200, 200, 200, 200, 403])
  // A WebSocket counts as what it is: one more.
  const late = connect(from('203.0.113.9'))
  await new Promise((resolve) => late.once('connect_error', resolve))
})

test('a connection on which nobody comes in is ended', async () => {
  await serve({ joinWithinMs: 50, scale: 0.005 })
  expect((await knock({ [addressHeader]: '203.0.113.9' })).status).toBe(200)
  await until(async () => (await knock({ [addressHeader]: '203.0.113.9' })).status === 200)
  await until(() => server.engine.clientsCount === 0)
})
