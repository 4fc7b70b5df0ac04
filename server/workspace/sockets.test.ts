import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Part } from '@/server/chats/schema.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { chatTopic, personTopic } from '@/server/core/hub.ts'
import { makeLive } from '@/server/core/live.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { attachSockets } from '@/server/sockets.ts'
import { makeSession } from '@/server/testing/factories.ts'
import type { Answer } from '@/server/testing/messages-api.ts'
import { until } from '@/server/testing/until.ts'
import { says, type TestChat, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import type { Runner } from './runs/types.ts'
import { applyEvent, type ChatClientEvents, type ChatFrame, type ChatServerEvents, type RunEvent } from './schema.ts'
import { eventsOf, send } from './service.ts'

type Client = Socket<ChatServerEvents, ChatClientEvents>
let world: WorkspaceWorld
let runner: Runner
let http: Server
let sockets: AppSocketServer
let base: string
beforeAll(async () => {
  world = await workspaceWorld()
  runner = world.startRunner()
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  sockets = makeSocketServer(http, base, { scale: 100, lookEveryMs: 2 ** 31 - 1 })
  attachSockets(sockets)
})
afterAll(async () => {
  await sockets.close()
  await runner.stop()
  await world.stop()
})

async function connected(actorId: string): Promise<Client> {
  const client: Client = io(base, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie: await makeSession(actorId) } })
  await new Promise<void>((resolve, reject) => client.on('connect', resolve).on('connect_error', reject))
  return client
}
const opened = (client: Client, sessionId: string) => new Promise<object>((resolve) => client.emit('chat:open', { sessionId }, resolve))

/** A page, as far as events go: it applies what follows, and asks for what it missed. */
function pageOf(chat: TestChat, runId: string) {
  const events: RunEvent[] = []
  let asking = Promise.resolve()
  const take = (from: number, given: readonly RunEvent[]) => events.push(...given.slice(Math.max(0, events.length + 1 - from)))
  const read = async () => {
    const { from, events: missed } = await eventsOf(chat.actorId, { sessionId: chat.sessionId, runId, after: events.length })
    take(from, missed)
  }
  return {
    events,
    read,
    hear(frame: ChatFrame) {
      if (frame.runId !== runId) return
      asking = asking.then(() => (frame.from > events.length + 1 ? read() : void take(frame.from, frame.events)))
    },
    settled: () => asking,
  }
}
const isEnd = (event: RunEvent | undefined) => event?.type === 'state' && event.state === 'succeeded'
const gated = new Map<string, Answer>()
const words = ['one ', 'two ', 'three ', 'four ', 'five ', 'six ']

/** Watches an answer whose connection is cut when its model is at one event. */
async function watchCutAt(cut: number, actorId: ActorId): Promise<Part[]> {
  const chat = await world.makeChat(actorId)
  const gates = Array.from({ length: 20 }, deferred)
  const answer = says([{ text: words }], { between: (index) => gates[index]?.promise })
  gated.set(`Count, cut at ${cut}.`, answer)
  const text = `Count, cut at ${cut}.`
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text, attachmentIds: [] })
  const page = pageOf(chat, runId)
  const listen = async () => {
    const client = await connected(actorId)
    client.on('chat:events', page.hear)
    await opened(client, chat.sessionId)
    await page.read()
    return client
  }
  let client = await listen()
  for (const [index, gate] of gates.entries()) {
    if (index === cut) {
      client.disconnect()
      gate.resolve()
      client = await listen()
    } else gate.resolve()
  }
  const ended = async () => {
    await page.settled()
    return isEnd(page.events.at(-1))
  }
  await until(ended, { what: `the end, cut at ${cut}` })
  client.disconnect()
  const parts: Part[] = []
  for (const event of page.events) applyEvent(parts, event)
  return parts
}

test('a page that loses its connection at any event ends with all of them, each once', async () => {
  const { usual } = world.api
  world.api.usual = (response, asked) => ([...gated].find(([text]) => asked.body.includes(text))?.[1] ?? usual)(response, asked)
  // Each of a person of its own: one person has so many answers at once.
  const all = await Promise.all(Array.from({ length: 12 }, async (_, cut) => watchCutAt(cut, await world.makePerson())))
  world.api.usual = usual
  for (const parts of all) expect(parts).toEqual([{ type: 'text', turn: 0, text: words.join('') }])
})

function deferred() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

test('a conversation is heard by its person alone, in every tab, and by nobody once it is closed', async () => {
  const [owner, stranger] = [await world.makePerson(), await world.makePerson()]
  const chat = await world.makeChat(owner)
  const [one, two, other] = await Promise.all([connected(owner), connected(owner), connected(stranger)])
  const heard = { one: 0, two: 0, other: 0 }
  one.on('chat:events', ({ events }) => {
    heard.one += events.length
  })
  two.on('chat:events', ({ events }) => {
    heard.two += events.length
  })
  other.on('chat:events', () => {
    heard.other++
  })
  expect(await opened(one, chat.sessionId)).toEqual({ ok: true })
  expect(await opened(two, chat.sessionId)).toEqual({ ok: true })
  expect(await opened(other, chat.sessionId)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await opened(one, 'no id')).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  const say = () => send(owner, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
  await chat.answer((await say()).runId)
  await until(() => heard.one > 2 && heard.one === heard.two, { what: 'both tabs' })
  two.emit('chat:close', { sessionId: chat.sessionId })
  const before = heard.two
  const list = new Promise<unknown>((resolve) => one.on('workspace:changed', resolve))
  await new Promise<object>((resolve) => one.emit('workspace:open', resolve))
  await chat.answer((await say()).runId)
  expect(await list).toMatchObject({ sessionId: chat.sessionId })
  expect([heard.two, heard.other]).toEqual([before, 0])
  for (const client of [one, two, other]) client.disconnect()
})

test('asked for many times at once it is heard once, not at all where it was closed meanwhile, and by nobody who lost their place', async () => {
  const actorId = await world.makePerson()
  const [chat, other] = [await world.makeChat(actorId), await world.makeChat(actorId)]
  const client = await connected(actorId)
  const frames: ChatFrame[] = []
  client.on('chat:events', (frame) => frames.push(frame))
  const asked = [opened(client, chat.sessionId), opened(client, chat.sessionId), opened(client, other.sessionId)]
  client.emit('chat:close', { sessionId: other.sessionId })
  await Promise.all([...asked, opened(client, chat.sessionId)])
  const say = (sessionId: string) => registry('live').publish(sessionId, { sessionId, runId: 'r', messageId: 'm', from: 1, events: [] })
  const heard = async () => {
    frames.length = 0
    for (const { sessionId } of [chat, other]) say(sessionId)
    await new Promise<object>((resolve) => client.emit('workspace:open', resolve))
    return frames.map(({ sessionId }) => sessionId)
  }
  expect(await heard()).toEqual([chat.sessionId])
  await world.database.db.user.update({ where: { id: actorId }, data: { approvedAt: null } })
  registry('hub').publish(personTopic(actorId), { kind: 'rights' })
  await until(async () => (await heard()).length === 0, { what: 'the end of hearing' })
  client.disconnect()
})

test('a run of another process is read from its stream', async () => {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId)
  const live = registry('live')
  const client = await connected(actorId)
  // What the sockets hear from now on is another process's: nothing is said in this one.
  await opened(client, chat.sessionId)
  const frames: ChatFrame[] = []
  client.on('chat:events', (frame) => frames.push(frame))
  register({ live: makeLive() })
  try {
    const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
    await chat.answer(runId)
    register({ live })
    const page = pageOf(chat, runId)
    await page.read()
    expect(isEnd(page.events.at(-1))).toBe(true)
    expect((await eventsOf(actorId, { sessionId: chat.sessionId, runId, after: 0 })).over).toBe(true)
    // What such a process says of its run is a frame with nothing in it but how far that is.
    expect(frames).toEqual([])
    registry('hub').publish(chatTopic(chat.sessionId), { kind: 'run', runId, messageId: 'm', next: 7 })
    await until(() => frames.length > 0, { what: 'the frame' })
    expect(frames).toEqual([{ sessionId: chat.sessionId, runId, messageId: 'm', from: 7, events: [] }])
  } finally {
    register({ live })
    client.disconnect()
  }
})
