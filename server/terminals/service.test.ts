import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type Socket as ClientSocket, io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { env } from '@/server/core/env.ts'
import { type ActorId, spaceForActor } from '@/server/core/gates.ts'
import { chatTopic, desksTopic } from '@/server/core/hub.ts'
import { socketPath } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { listenOn } from '@/server/core/unix-http.ts'
import { serviceProxy } from '@/server/deployments/proxy/proxy.ts'
import { directoryOf, diskRoom } from '@/server/files/service.ts'
import { makeSession } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import { desks } from './desk/desks.ts'
import type { TerminalClientEvents, TerminalServerEvents } from './schema.ts'
import { endTerminals, previewOf, previewUpstream, startPreview, stopPreview, suggestPreview, terminalsOf, watchOthers } from './service.ts'
import { terminalSockets } from './sockets.ts'

type Client = ClientSocket<TerminalServerEvents, TerminalClientEvents>
const size = { cols: 80, rows: 24 }
let world: WorkspaceWorld
let http: Server
let server: AppSocketServer
let base: string
let actorId: ActorId
let sessionId: string
let directory: string
const clients: Client[] = []

beforeAll(async () => {
  world = await workspaceWorld()
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server = makeSocketServer(http, base, { lookEveryMs: 2 ** 31 - 1 })
  server.on('connection', (socket) => terminalSockets(socket))
})
beforeEach(async () => {
  actorId = await world.makePerson()
  ;({ sessionId } = await world.makeChat(actorId, null))
  directory = await directoryOf(await spaceForActor(actorId), sessionId)
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  endTerminals()
  await until(() => desks().size === 0, { what: 'the end of all terminals' })
})
afterAll(async () => {
  await server.close()
  await world.stop()
})

async function connect(as: ActorId = actorId): Promise<Client> {
  const cookie = await makeSession(as)
  const client: Client = io(base, { transports: ['websocket'], forceNew: true, extraHeaders: { origin: base, cookie } })
  clients.push(client)
  await new Promise<void>((resolve) => client.on('connect', resolve))
  return client
}

interface Opened {
  terminalId: string
  at: number
  data: Uint8Array
}
interface Refused {
  error: { code: string; key?: string }
}
const ask = (client: Client, input: Partial<Parameters<TerminalClientEvents['terminal:open']>[0]> = {}) =>
  client.emitWithAck('terminal:open', { sessionId, ...size, ...input }) as Promise<Opened | Refused>

interface Screen {
  terminalId: string
  bytes: Buffer
  begin: number
  ended: { exitCode: number | null; why: string } | null
}
const endOf = ({ begin, bytes }: Screen) => begin + bytes.length

/** Shows what comes, and says so if asked to. */
function show(client: Client, screen: Screen, says: boolean): void {
  client.on('terminal:output', (message) => {
    if (message.terminalId !== screen.terminalId) return
    expect(message.at).toBe(endOf(screen))
    screen.bytes = Buffer.concat([screen.bytes, message.data])
    if (says) client.emit('terminal:seen', { terminalId: screen.terminalId, at: endOf(screen) })
  })
  client.on('terminal:ended', (message) => {
    if (message.terminalId === screen.terminalId) screen.ended = message
  })
}

/** A terminal as a page shows it: what it has, byte for byte, and where that ends. */
async function open(client: Client, input: Partial<Parameters<TerminalClientEvents['terminal:open']>[0]> = {}, shows = true) {
  const screen: Screen = { terminalId: '', bytes: Buffer.alloc(0), begin: 0, ended: null }
  show(client, screen, shows)
  const opened = await new Promise<Opened | Refused>((resolve) =>
    client.emit('terminal:open', { sessionId, ...size, ...input }, (answer) => {
      // What follows the answer may come at once.
      if (!('error' in answer)) Object.assign(screen, { terminalId: answer.terminalId, bytes: Buffer.from(answer.data), begin: answer.at })
      resolve(answer)
    }),
  )
  if ('error' in opened) throw new Error(opened.error.code)
  const { terminalId } = opened
  const text = () => stripVTControlCharacters(screen.bytes.toString())
  return {
    ...{ terminalId, screen, text },
    end: () => endOf(screen),
    type: (data: string) => client.emit('terminal:input', { terminalId, data }),
    says: (what: string | RegExp) =>
      until(() => (typeof what === 'string' ? text().includes(what) : what.test(text())), { what: `${what} in ${JSON.stringify(text())}` }),
  }
}

describe('a terminal', () => {
  test('has a prompt, echoes, knows its size and works in the folder of the conversation, with nothing of this machine', async () => {
    await writeFile(join(directory, 'hello.txt'), 'from the page')
    const shell = await open(await connect())
    await shell.says('/workspace $')
    shell.type('cat hello.txt; stty size; echo mine > made.txt; tty\r')
    await shell.says(/from the page\s*24 80\s+\/dev\/pts\/0/)
    expect(await readFile(join(directory, 'made.txt'), 'utf8')).toBe('mine\n')
    clients[0]?.emit('terminal:resize', { terminalId: shell.terminalId, cols: 101, rows: 33 })
    shell.type('stty size\r')
    await shell.says('33 101')
    shell.type(
      `ls ${env().MAESTRO_DATA_DIR} /root; ls /sys/class/net /proc/[0-9]*/root/home; env | sort | cut -d= -f1 | paste -sd,; echo done-$((40+2))\r`,
    )
    await shell.says('done-42')
    expect(shell.text()).toContain(`cannot access '${env().MAESTRO_DATA_DIR}'`)
    expect(shell.text()).toContain("cannot access '/root'")
    expect(shell.text()).not.toMatch(/DATABASE|MAESTRO_[A-Z]|SECRET/)
    shell.type(`node -e "require('net').connect(80, '1.1.1.1').on('error', (e) => console.log('no way out: ' + e.code))"\r`)
    await shell.says('no way out: ENETUNREACH')
  })

  test('jobs are controlled, and a shell that ends says how', async () => {
    const shell = await open(await connect())
    await shell.says('$')
    shell.type(`sh -c 'echo be''gun; exec sleep 100'\r`)
    await shell.says('begun')
    shell.type('\u001a')
    await shell.says('Stopped')
    shell.type('fg\r')
    await shell.says(/fg\s+sh -c/)
    shell.type('\u0003')
    await shell.says('^C')
    shell.type('exit 7\r')
    await until(() => shell.screen.ended !== null)
    expect(shell.screen.ended).toMatchObject({ exitCode: 7, why: 'exit' })
    expect((await terminalsOf(actorId, sessionId)).terminals).toEqual([])
    expect(await ask(clients[0] as Client, { terminalId: shell.terminalId })).toMatchObject({ error: { key: 'noTerminal' } })
  })

  test('a page that comes back gets what it lacks, and two pages show the same', async () => {
    const first = await open(await connect())
    first.type('echo one-$((1))\r')
    await first.says('one-1')
    const had = first.end()
    const before = first.screen.bytes
    clients[0]?.disconnect()
    const client = await connect()
    const again = await open(client, { terminalId: first.terminalId, after: had })
    expect(again.screen.begin).toBe(had)
    const second = await open(await connect(), { terminalId: first.terminalId, cols: 60 })
    expect(second.screen.bytes.subarray(0, had).equals(before)).toBe(true)
    again.type('stty size; echo two-$((2))\r')
    await Promise.all([again.says('two-2'), second.says('two-2')])
    await until(() => second.end() === again.end())
    expect(Buffer.concat([before, again.screen.bytes]).equals(second.screen.bytes)).toBe(true)
    expect(again.text()).toContain('24 60')
  })

  test('a flood waits for the page that shows it, floods nobody, and is stopped by a key', async () => {
    const client = await connect()
    const shell = await open(client, {}, false)
    await shell.says('$')
    shell.type('yes 0123456789\r')
    // Nothing was said to be seen, so no more than the window comes.
    await until(() => shell.screen.bytes.length > 60_000)
    let [size, since] = [0, Date.now()]
    await until(() => {
      if (shell.screen.bytes.length !== size) [size, since] = [shell.screen.bytes.length, Date.now()]
      return Date.now() - since > 300
    })
    expect(shell.screen.bytes.length).toBeLessThan(200_000)
    shell.type('\u0003')
    client.on('terminal:output', () => client.emit('terminal:seen', { terminalId: shell.terminalId, at: shell.end() }))
    client.emit('terminal:seen', { terminalId: shell.terminalId, at: shell.end() })
    shell.type('echo after-$((1))\r')
    await shell.says('after-1')
    expect(shell.screen.bytes.length).toBeLessThan(4_000_000)
  })

  test('is ended in words where files that it deleted, and holds open, fill the disk', async () => {
    const limit = env().MAESTRO_CHAT_DISK_MB
    env().MAESTRO_CHAT_DISK_MB = 1
    try {
      const shell = await open(await connect())
      await shell.says('$')
      const fill = `for (const name of ['a', 'b']) { const file = fs.openSync(name, 'w'); fs.writeSync(file, 'x'.repeat(800000)); fs.rmSync(name) }`
      shell.type(`node -e "${fill} console.log('he' + 'ld'); setInterval(() => {}, 1e6)"\r`)
      await shell.says('held')
      registry('hub').publish(chatTopic(sessionId), { kind: 'session' })
      await until(() => shell.screen.ended !== null)
      expect(shell.screen.ended).toMatchObject({ why: 'quota' })
      expect((await diskRoom(await spaceForActor(actorId))).used).toBe(0)
    } finally {
      env().MAESTRO_CHAT_DISK_MB = limit
    }
  })

  test('is its owner’s alone, four at once, and nothing of it outlives the conversation', async () => {
    const shell = await open(await connect())
    const stranger = await connect(await world.makePerson())
    expect(await ask(stranger)).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await ask(stranger, { terminalId: shell.terminalId })).toMatchObject({ error: { code: 'NOT_FOUND' } })
    stranger.emit('terminal:input', { terminalId: shell.terminalId, data: 'touch stranger\r' })
    const more = await Promise.all([1, 2, 3, 4].map(() => ask(clients[0] as Client)))
    expect(more.filter((one) => 'error' in one)).toMatchObject([{ error: { key: 'terminalsTooMany' } }])
    expect((await terminalsOf(actorId, sessionId)).terminals).toHaveLength(4)
    await world.database.db.chatSession.update({ where: { id: sessionId }, data: { status: 'CLOSED' } })
    registry('hub').publish(chatTopic(sessionId), { kind: 'session' })
    await until(() => shell.screen.ended !== null)
    expect(shell.screen.ended).toMatchObject({ why: 'session' })
    expect(await ask(clients[0] as Client)).toMatchObject({ error: { key: 'chatClosed' } })
    expect(shell.text()).not.toContain('stranger')
  })
})

describe('a preview', () => {
  const app = `require('http').createServer((request, response) => response.end(JSON.stringify(request.headers))).listen(process.env.PORT, () => console.log('up'))`

  /** Asks as a browser does, at a host's name. */
  async function get(host: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
    const proxy = serviceProxy({
      upstreamFor: async (slug) => previewUpstream(slug) ?? { answer: 'unknown', state: null, socketPath: '' },
      clock: systemClock,
      protocol: 'http',
    })
    const front = createServer((asked, answer) => proxy.web(asked.headers.host?.split('.')[0] ?? '', asked, answer))
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
    const { port } = front.address() as AddressInfo
    try {
      return await new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', headers: { host, ...headers } }, (answer) => {
          let body = ''
          answer.on('data', (chunk) => {
            body += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
        })
          .on('error', reject)
          .end()
      })
    } finally {
      front.close()
    }
  }
  const ready = () =>
    until(
      async () => {
        const { state, url } = await previewOf(actorId, sessionId)
        return state === 'ready' && url
      },
      { what: 'the preview' },
    )

  test('shows an app at an address that nobody guesses, another one each start, and nothing there afterwards', async () => {
    await writeFile(join(directory, 'server.js'), app)
    expect(await suggestPreview(actorId, sessionId)).toEqual({ command: 'node server.js', pages: false })
    expect(await startPreview(actorId, sessionId, 'node server.js')).toMatchObject({ state: 'starting', url: null })
    const host = new URL(await ready()).host
    expect(host).toMatch(/^preview-[0-9a-f]{32}\.localhost:3000$/)
    const { status, body } = await get(host, { cookie: 'next-auth.session-token=secret; mine=1', 'x-forwarded-for': '9.9.9.9' })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ host, cookie: 'mine=1', 'x-forwarded-for': '127.0.0.1' })
    await expect(previewOf(await world.makePerson(), sessionId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await startPreview(actorId, sessionId, 'node server.js')
    const other = new URL(await ready()).host
    expect(other).not.toBe(host)
    expect((await get(host)).status).toBe(404)
    expect((await get(other)).status).toBe(200)
    await stopPreview(actorId, sessionId)
    await until(async () => (await previewOf(actorId, sessionId)).state === 'off')
    expect((await get(other)).status).toBe(404)
    expect((await get(`preview-${'0'.repeat(32)}.localhost:3000`)).status).toBe(404)
  })

  test('an app that puts a link in the place of its socket reaches no other, and is ended', async () => {
    const secret = createServer((_request, response) => response.end('secret'))
    await listenOn(secret, socketPath(env().MAESTRO_DATA_DIR, 'secret.sock'))
    const swap = `fs.rmSync('/run/maestro/app.sock'); fs.symlinkSync('../secret.sock', '/run/maestro/app.sock'); response.end('swapped')`
    await writeFile(
      join(directory, 'server.js'),
      `const fs = require('fs'); require('http').createServer((_, response) => { ${swap} }).listen(process.env.PORT)`,
    )
    await startPreview(actorId, sessionId, 'node server.js')
    const { host } = new URL(await ready())
    // It may be ended before its answer is through.
    for (let asked = 0; asked < 2; asked++) expect((await get(host)).body).not.toContain('secret')
    await until(async () => (await previewOf(actorId, sessionId)).state === 'failed')
    expect(await previewOf(actorId, sessionId)).toMatchObject({ reason: 'room' })
    secret.close()
  })

  test('says what an app said that failed, and shows pages without any program', async () => {
    await startPreview(actorId, sessionId, `node -e "console.error('no such thing'); process.exit(3)"`)
    await until(async () => (await previewOf(actorId, sessionId)).state === 'failed')
    expect(await previewOf(actorId, sessionId)).toMatchObject({ reason: 'exit', exitCode: 3, url: null, output: 'no such thing\n' })
    await writeFile(join(directory, 'index.html'), '<h1>Hello</h1>')
    expect(await suggestPreview(actorId, sessionId)).toEqual({ command: null, pages: true })
    await startPreview(actorId, sessionId, '')
    const { host } = new URL(await ready())
    expect(await get(host)).toEqual({ status: 200, body: '<h1>Hello</h1>' })
    await world.database.db.chatSession.delete({ where: { id: sessionId } })
    registry('hub').publish(chatTopic(sessionId), { kind: 'session' })
    await until(() => desks().size === 0)
    expect((await get(host)).status).toBe(404)
  })
})

describe('another process of the same installation', () => {
  const name = `preview-${'ab'.repeat(16)}`
  const tell = (told: object) => registry('hub').publish(desksTopic, { kind: `desk ${sessionId}`, process: 'another', sessionId, ...told })

  test('is told what runs here, and what runs there is told here, to its owner, until it ends or falls silent', async () => {
    const heard: Record<string, unknown>[] = []
    const leave = [watchOthers(), registry('hub').subscribe(desksTopic, (hint) => hint.sessionId && heard.push(hint))]
    const told = (terminals: number) => ({ kind: `desk ${sessionId}`, sessionId, terminals, preview: null })
    const client = await connect()
    const { terminalId } = await open(client)
    await until(() => heard.some(({ terminals }) => terminals === 1), { what: 'word of the terminal' })
    expect(heard.at(-1)).toMatchObject(told(1))
    heard.length = 0
    registry('hub').publish(desksTopic, { kind: 'who', process: 'another' })
    expect(heard.at(-1)).toMatchObject(told(1))
    client.emit('terminal:end', { terminalId })
    await until(() => desks().size === 0)
    expect(heard.at(-1)).toMatchObject(told(0))

    tell({ terminals: 2, preview: createHash('sha256').update(name).digest('hex') })
    expect(await terminalsOf(actorId, sessionId)).toMatchObject({ terminals: [], elsewhere: 2 })
    expect(await previewOf(actorId, sessionId)).toMatchObject({ state: 'elsewhere', url: null })
    expect(previewUpstream(name)).toMatchObject({ answer: 'elsewhere' })
    expect(await ask(client, { terminalId })).toMatchObject({ error: { code: 'NOT_FOUND', key: 'terminalElsewhere' } })
    await expect(terminalsOf(await world.makePerson(), sessionId)).rejects.toMatchObject({ code: 'NOT_FOUND' })

    tell({ terminals: 0, preview: null })
    expect(await terminalsOf(actorId, sessionId)).toMatchObject({ elsewhere: 0 })
    expect(await previewOf(actorId, sessionId)).toMatchObject({ state: 'off' })
    expect(previewUpstream(name)).toMatchObject({ answer: 'ended' })
    expect(await ask(client, { terminalId })).toMatchObject({ error: { key: 'noTerminal' } })

    tell({ terminals: 1, preview: null })
    const { now } = systemClock
    register({ clock: { ...systemClock, now: () => now() + 60_000 } })
    expect(await terminalsOf(actorId, sessionId)).toMatchObject({ elsewhere: 0 })
    register({ clock: systemClock })
    for (const end of leave) end()
  })
})
