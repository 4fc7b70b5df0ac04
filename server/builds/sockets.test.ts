import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Socket as ClientSocket, io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { projectTopic } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeSession } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import type { ProjectClientEvents, ProjectServerEvents } from './schema.ts'
import { projectSockets } from './sockets.ts'

type Client = ClientSocket<ProjectServerEvents, ProjectClientEvents>

let database: TestDatabase
let http: Server
let server: AppSocketServer
let mine: Awaited<ReturnType<typeof makeProject>>
let theirs: Awaited<ReturnType<typeof makeProject>>
let cookie: string
const clients: Client[] = []

beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url) })
  mine = await makeProject()
  theirs = await makeProject()
  cookie = await makeSession(mine.actorId)
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  server = makeSocketServer(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  server.on('connection', (socket) => projectSockets(socket, 200))
})
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
})
afterAll(async () => {
  await server.close()
  await registry('hub').close()
  await database.drop()
})

function connect(): { client: Client; hints: object[] } {
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const client: Client = io(base, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie } })
  const hints: object[] = []
  client.on('project:changed', (hint) => hints.push(hint))
  clients.push(client)
  return { client, hints }
}
const publish = (projectId: string, hint: object) => registry('hub').publish(projectTopic(projectId), { ...hint })

test('a member who watches hears of changes; many at once become few, and the last is told', async () => {
  const { client, hints } = connect()
  expect(await client.emitWithAck('project:watch', { service: mine.slug })).toEqual({ ok: true })
  for (let i = 0; i < 50; i++) publish(mine.id, { kind: 'build', number: 1 })
  publish(mine.id, { kind: 'service' })
  publish(theirs.id, { kind: 'build', number: 9 })
  await until(() => hints.length >= 3)
  expect(hints.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { service: mine.slug, kind: 'build', number: 1 },
    { service: mine.slug, kind: 'build', number: 1 },
    { service: mine.slug, kind: 'service' },
  ])
  publish(mine.id, { resync: true })
  await until(() => hints.some((hint) => 'kind' in hint && hint.kind === 'project'))
})

test('a stranger is refused, and so is nonsense', async () => {
  const { client, hints } = connect()
  expect(await client.emitWithAck('project:watch', { service: theirs.slug })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await client.emitWithAck('project:watch', 7 as never)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  publish(theirs.id, { kind: 'build', number: 1 })
  expect(await client.emitWithAck('project:watch', { service: mine.slug })).toEqual({ ok: true })
  publish(mine.id, { kind: 'project' })
  await until(() => hints.length > 0)
  expect(hints).toEqual([{ service: mine.slug, kind: 'project' }])
})

test('whoever stops watching hears nothing more', async () => {
  const [left, stays] = [connect(), connect()]
  for (const { client } of [left, stays]) await client.emitWithAck('project:watch', { service: mine.slug })
  left.client.emit('project:unwatch', { service: mine.slug })
  await left.client.emitWithAck('project:watch', { service: theirs.slug })
  publish(mine.id, { kind: 'build', number: 3 })
  await until(() => stays.hints.length > 0)
  expect(left.hints).toEqual([])
})

test('whoever is no member any more hears nothing more', async () => {
  const left = await makeProject()
  const person = { userId: mine.actorId, projectId: left.id }
  await database.db.membership.create({ data: { ...person, role: 'VIEWER' } })
  const { client, hints } = connect()
  await client.emitWithAck('project:watch', { service: left.slug })
  publish(left.id, { kind: 'service' })
  await until(() => hints.length > 0)
  await database.db.membership.deleteMany({ where: person })
  await until(async () => {
    const before = hints.length
    publish(left.id, { kind: 'service' })
    publish(mine.id, { kind: 'service' })
    await client.emitWithAck('project:watch', { service: mine.slug })
    await registry('clock').sleep(150)
    return hints.length === before || !hints.slice(before).some((hint) => 'service' in hint && hint.service === left.slug)
  })
})
