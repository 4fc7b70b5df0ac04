import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { expect, it } from 'vitest'
import { testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { openPostgresHub } from './hub-postgres.ts'
import { register } from './registry.ts'
import { makeSocketServer, socketPath } from './sockets.ts'

it('works behind a front that decides first, by poll and by upgrade, and closes though its own door never listened', async () => {
  const database = await testDatabase()
  const user = await makeUser()
  const hub = await openPostgresHub(database.url)
  register({ hub })
  const cookie = await makeSession(user.id)
  const door = createServer()
  const front = createServer((incoming, response) => {
    if (incoming.url?.startsWith(socketPath)) door.emit('request', incoming, response)
    else response.end('a page')
  })
  front.on('upgrade', (incoming, socket, head) => {
    if (incoming.url?.startsWith(socketPath)) door.emit('upgrade', incoming, socket, head)
    // Somebody else's upgrade, answered late: ours must not have ended it meanwhile.
    else setTimeout(() => socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'), 1_500)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const { port } = front.address() as AddressInfo
  const base = `http://127.0.0.1:${port}`
  const server = makeSocketServer(door, base)
  const people: string[] = []
  server.on('connection', (socket) => people.push(socket.data.caller.actor?.email ?? ''))
  const extraHeaders = { cookie, origin: base }
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const client = io(base, { transports, extraHeaders, forceNew: true })
    await until(() => client.connected)
    client.disconnect()
  }
  expect(people).toEqual([user.email, user.email, user.email])
  expect(await (await fetch(base)).text()).toBe('a page')
  const status = await new Promise((resolve, reject) => {
    request(base, { headers: { connection: 'upgrade', upgrade: 'other' } })
      .on('upgrade', (response) => resolve(response.statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(101)
  await server.close()
  front.closeAllConnections()
  await new Promise((resolve) => front.close(resolve))
  await hub.close()
  await database.drop()
})

it('ends a connection that asks without end, and no other', async () => {
  const database = await testDatabase()
  const hub = await openPostgresHub(database.url)
  register({ hub })
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const server = makeSocketServer(http, base, { scale: 1 })
  const heard: string[] = []
  server.on('connection', (socket) => socket.on('ask', (who: string) => heard.push(who)))
  const connect = () => io(base, { transports: ['websocket'], extraHeaders: { origin: base }, forceNew: true, reconnection: false })
  const [flood, page] = [connect(), connect()]
  await until(() => flood.connected && page.connected)
  page.emit('ask', 'page')
  for (let i = 0; i < 2_000; i++) flood.emit('ask', 'flood')
  await until(() => flood.disconnected)
  page.emit('ask', 'page')
  await until(() => heard.filter((who) => who === 'page').length === 2)
  expect(page.connected).toBe(true)
  expect(heard.filter((who) => who === 'flood').length).toBeLessThanOrEqual(400)
  page.disconnect()
  await server.close()
  await hub.close()
  await database.drop()
})
