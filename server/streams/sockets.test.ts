import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Socket as ClientSocket, io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeStreamDesk } from '@/components/client/stream-socket.ts'
import { makeStreamStore, type StreamStore } from '@/components/client/stream-store.ts'
import { publicError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { attachSockets } from '@/server/sockets.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeSession } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { testProgram } from '@/server/testing/programs.ts'
import type { StreamNodeOrder } from '@/server/testing/stream-node.ts'
import { until } from '@/server/testing/until.ts'
import type { StreamClientEvents, StreamHead, StreamServerEvents } from './schema.ts'
import * as streams from './service.ts'
import { streamSockets } from './sockets.ts'

type Client = ClientSocket<StreamServerEvents, StreamClientEvents>
type Answer = { head: StreamHead } | { error: { code: string } }

const masterKey = randomBytes(32)
let database: TestDatabase
let http: Server
let server: AppSocketServer
let base: string
let service: string
let project: ProjectId
let actorId: string
let cookie: string
const clients: Client[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await testDatabase()
  register({ ...testKeys(masterKey), hub: await openPostgresHub(database.url) })
  const made = await makeProject()
  ;({ projectId: project, slug: service, actorId } = made)
  cookie = await makeSession(actorId)
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server = makeSocketServer(http, base)
  attachSockets(server)
})
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await server.close()
  await registry('hub').close()
  await database.drop()
})

/** Cuts a connection that stands. One that is only being made again would hang until the client's own timeout: nobody listens to it yet. */
async function cut(client: Client): Promise<void> {
  await until(() => client.connected)
  client.io.engine.close()
}

function connect(headers: Record<string, string> = { cookie }): Client {
  const client: Client = io(base, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: headers,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
  })
  clients.push(client)
  return client
}
const open = (client: Client, streamId: string, name = service) =>
  new Promise<Answer>((resolve) => client.emit('stream:open', { service: name, streamId }, resolve))

/** A console's store over real sockets; pages are read as the router would read them. */
function watch(client: Client, streamId: string, tag?: string): StreamStore & { end(): void } {
  const desk = makeStreamDesk(client)
  const store = makeStreamStore(
    {
      open: (listener) => desk.open(service, streamId, listener),
      read: (input) => streams.readStream(project, { streamId, ...input }),
      index: (input) => streams.indexStream(project, { streamId, ...input }),
    },
    { tag, toError: publicError },
  )
  const end = store.subscribe(() => undefined)
  return { ...store, end }
}

/** Everything a console would show, scrolled through from its first line to its last. */
async function scrollThrough(store: StreamStore): Promise<{ seq: number; text: string | null }[]> {
  const lines: { seq: number; text: string | null }[] = []
  while (lines.length < store.getSnapshot().total) {
    const start = lines.length
    const end = Math.min(start + 700, store.getSnapshot().total)
    store.getSnapshot().ensure(start, end)
    await until(() => store.getSnapshot().lineAt(end - 1) && store.getSnapshot().lineAt(start), { what: `line ${start}` })
    for (let i = start; i < end; i++) lines.push(await until(() => store.getSnapshot().lineAt(i)))
  }
  return lines
}

function startNode(order: Omit<StreamNodeOrder, 'url' | 'masterKey' | 'projectId'>) {
  const full: StreamNodeOrder = { ...order, url: database.url, masterKey: masterKey.toString('hex'), projectId: project }
  const child = spawn(process.execPath, [testProgram('stream-node'), JSON.stringify(full)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  return { child, said: (word: string) => until(() => output.includes(word), { what: word }) }
}

const numbers = (lines: { text: string | null }[], tag: string) =>
  lines.flatMap(({ text }) => (text?.startsWith(`${tag} `) ? [Number(text.slice(tag.length + 1))] : []))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('the handshake', () => {
  const failure = (client: Client) => new Promise<Error & { data?: { code: string } }>((resolve) => client.on('connect_error', resolve))

  it('lets in whoever has no session, who sees what is public and nothing else', async () => {
    const streamId = await streams.createStream(project, 'build')
    for (const headers of [{} as Record<string, string>, { cookie: 'next-auth.session-token=made-up' }]) {
      const client = connect(headers)
      const asked = () => client.emitWithAck('stream:open', { service, streamId }) as Promise<Record<string, unknown>>
      expect(await asked()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
      await database.db.project.update({ where: { id: project }, data: { publicRead: true } })
      expect(await asked()).toMatchObject({ head: { streamId } })
      await database.db.project.update({ where: { id: project }, data: { publicRead: false } })
    }
  })

  it('is refused to pages of another origin, and open to our own', async () => {
    expect(await failure(connect({ cookie, origin: 'https://elsewhere.example' }))).toBeInstanceOf(Error)
    const own = connect({ cookie, origin: base })
    await until(() => own.connected)
  })
})

describe('opening', () => {
  it('answers the head, then says what is stored from then on, until it is closed', async () => {
    const streamId = await streams.createStream(project, 'test')
    const writer = streams.openWriter(project, streamId)
    writer.write('a', 'before\n')
    await writer.flush()
    const client = connect()
    const heard: Parameters<StreamServerEvents['stream:more']>[0][] = []
    client.on('stream:more', (message) => heard.push(message))
    expect(await open(client, streamId)).toEqual({ head: { streamId, nextSeq: 2, closed: false } })
    writer.write('a', 'after\n')
    await until(() => heard.some(({ chunk }) => chunk?.text === 'after'))
    expect(heard[0]?.chunk).toMatchObject({ firstSeq: 2, count: 1, tag: 'a', text: 'after' })
    await writer.close()
    await streams.closeStream(project, streamId)
    await until(() => heard.some(({ head }) => head.closed))
    const other = await streams.createStream(project, 'test')
    await open(client, other)
    client.emit('stream:close', { streamId: other })
    heard.length = 0
    const late = streams.openWriter(project, other)
    late.write('', 'unheard\n')
    await late.close()
    await open(client, streamId)
    expect(heard.filter(({ head }) => head.streamId === other)).toEqual([])
  })

  it("refuses another project's stream, an unknown one, nonsense, and more than a page needs", async () => {
    const stranger = await makeProject()
    const theirs = await streams.createStream(stranger.projectId, 'test')
    const client = connect()
    expect(await open(client, theirs, stranger.slug)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await open(client, theirs)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await open(client, 'no-such-stream')).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await open(client, '')).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    const many = await Promise.all(Array.from({ length: 40 }, () => streams.createStream(project, 'test')))
    const answers = []
    for (const id of many) answers.push(await open(client, id))
    expect(answers.filter((answer) => 'head' in answer)).toHaveLength(32)
    expect(answers.at(-1)).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS' } })
  })
})

describe('a member who is removed', () => {
  it('is disconnected, and refused afterwards', async () => {
    const { projectId, slug } = await makeProject()
    await database.db.membership.create({ data: { projectId, userId: actorId, role: 'VIEWER' } })
    const streamId = await streams.createStream(projectId, 'test')
    const client = connect()
    expect(await open(client, streamId, slug)).toHaveProperty('head')
    const here = [...server.sockets.sockets.values()].find((socket) => socket.id === client.id)
    if (here) streamSockets(here, 20)
    await open(client, streamId, slug)
    // The event, not the state: where the connection was cut before it was told so, the client is back at once.
    const ended = new Promise((resolve) => client.once('disconnect', resolve))
    await database.db.membership.deleteMany({ where: { projectId, userId: actorId } })
    await ended
    client.connect()
    expect(await open(client, streamId, slug)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })
})

describe('a console', () => {
  it('has neither gap nor double over many reconnects', async () => {
    const streamId = await streams.createStream(project, 'test')
    const client = connect()
    const store = watch(client, streamId)
    const writer = streams.openWriter(project, streamId)
    const count = 12_000
    for (let i = 0; i < count; i++) {
      writer.write(i % 3 ? 'a' : 'b', `x ${i}\n`)
      if (i % 40 === 0) await new Promise(setImmediate)
      if (i % 400 === 0) await writer.flush()
      if (i % 1_500 === 700) await cut(client)
      const { total, ensure } = store.getSnapshot()
      if (i % 100 === 0) ensure(total - 50, total)
    }
    await writer.close()
    await streams.closeStream(project, streamId)
    await until(() => store.getSnapshot().closed && store.getSnapshot().total === count && store.getSnapshot().state === 'live')
    const lines = await scrollThrough(store)
    expect(lines.map(({ seq }) => seq)).toEqual(upTo(count).map((i) => i + 1))
    expect(numbers(lines, 'x').sort((a, b) => a - b)).toEqual(upTo(count))
    store.end()
  })

  it('shows one stage alone, live, with the numbers its lines have in the whole', async () => {
    const streamId = await streams.createStream(project, 'test')
    const client = connect()
    const store = watch(client, streamId, 'b')
    const writer = streams.openWriter(project, streamId)
    for (let i = 0; i < 600; i++) {
      writer.write('a', `a ${i}\n`)
      if (i % 3 === 0) writer.write('b', `b ${i / 3}\n`)
      if (i % 10 === 0) await writer.flush()
      if (i === 300) await cut(client)
    }
    await writer.close()
    await until(() => store.getSnapshot().total === 200)
    const lines = await scrollThrough(store)
    expect(numbers(lines, 'b')).toEqual(upTo(200))
    const { seqAt, positionOf } = store.getSnapshot()
    for (const [position, { seq }] of lines.entries()) expect([seqAt(position), positionOf(seq)]).toEqual([seq, position])
    store.end()
  })

  it('follows two nodes that write one stream at once', async () => {
    const streamId = await streams.createStream(project, 'test')
    const store = watch(connect(), streamId)
    const nodes = ['left', 'right'].map((tag) => startNode({ streamId, tag, count: 3_000, pauseMs: 0 }))
    const writer = streams.openWriter(project, streamId)
    await Promise.all(nodes.map((node) => node.said('ready')))
    for (let i = 0; i < 1_000; i++) {
      writer.write('here', `here ${i}\n`)
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await writer.close()
    await Promise.all(nodes.map((node) => node.said('done')))
    await until(() => store.getSnapshot().total === 7_000)
    const lines = await scrollThrough(store)
    expect(lines.map(({ seq }) => seq)).toEqual(upTo(7_000).map((i) => i + 1))
    expect(numbers(lines, 'left')).toEqual(upTo(3_000))
    expect(numbers(lines, 'right')).toEqual(upTo(3_000))
    expect(numbers(lines, 'here')).toEqual(upTo(1_000))
    store.end()
  })

  it('keeps a readable beginning when a writer is killed in the middle, and others write on', async () => {
    const streamId = await streams.createStream(project, 'test')
    const store = watch(connect(), streamId)
    const node = startNode({ streamId, tag: 'lost', count: 1_000_000, pauseMs: 0 })
    await until(() => store.getSnapshot().total > 2_000)
    node.child.kill('SIGKILL')
    await new Promise((resolve) => node.child.once('exit', resolve))
    const writer = streams.openWriter(project, streamId)
    writer.write('next', 'next 0\n')
    await writer.close()
    const { nextSeq } = await streams.streamHead(project, streamId)
    await until(() => store.getSnapshot().total === nextSeq - 1)
    const { segments, next } = await streams.indexStream(project, { streamId, after: 0 })
    expect(next).toBeNull()
    expect(segments.map(({ firstSeq, count, tag }) => [firstSeq, count, tag])).toEqual([
      [1, nextSeq - 2, 'lost'],
      [nextSeq - 1, 1, 'next'],
    ])
    let from = 1
    const texts: string[] = []
    for (; from < nextSeq; ) {
      const { chunks } = await streams.readStream(project, { streamId, from, limit: 20_000 })
      for (const chunk of chunks) texts.push(...(chunk.text as string).split('\n'))
      from = texts.length + 1
    }
    expect(texts).toEqual([...upTo(nextSeq - 2).map((i) => `lost ${i}`), 'next 0'])
    store.end()
  })
})

describe('a client that does not read', () => {
  it('costs a bounded number of packets, and hears the last head once it reads again', async () => {
    const streamId = await streams.createStream(project, 'test')
    // Who does not read answers no ping either; that is not what is to end it here.
    Object.assign((server.engine as unknown as { opts: object }).opts, { pingTimeout: 600_000 })
    const client = connect()
    const heads: StreamHead[] = []
    let chunks = 0
    client.on('stream:more', ({ head, chunk }) => {
      heads.push(head)
      if (chunk) chunks++
    })
    await open(client, streamId)
    const wire = (client.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket
    wire.pause()
    const here = [...server.sockets.sockets.values()].find((socket) => socket.id === client.id)
    const conn = here?.conn as unknown as { writeBuffer: unknown[] }
    const writer = streams.openWriter(project, streamId)
    let most = 0
    for (let i = 0; i < 300; i++) {
      for (let line = 0; line < 2; line++) writer.write('', `${randomBytes(25_000).toString('hex')}\n`)
      await writer.flush()
      most = Math.max(most, conn.writeBuffer.length)
    }
    await writer.close()
    expect(most).toBeLessThanOrEqual(20)
    wire.resume()
    await until(() => heads.at(-1)?.nextSeq === 601)
    expect(chunks).toBeLessThan(300)
  })
})
