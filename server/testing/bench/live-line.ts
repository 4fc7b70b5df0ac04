import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { attachSockets } from '@/server/sockets.ts'
import type { StreamClientEvents, StreamServerEvents } from '@/server/streams/schema.ts'
import { createStream, openWriter } from '@/server/streams/service.ts'
import { makeSession } from '@/server/testing/factories.ts'
import { type StreamWorld, streamWorld } from '@/server/testing/stream-world.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const linesPerRun = 60
const everyMs = 35

/** A process that prints the time, in milliseconds since the epoch, once in a while. */
const printer = `
let left = ${linesPerRun}
const timer = setInterval(() => {
  process.stdout.write((performance.timeOrigin + performance.now()).toFixed(3) + '\\n')
  if (--left === 0) clearInterval(timer)
}, ${everyMs})`
const now = () => performance.timeOrigin + performance.now()

type Client = Socket<StreamServerEvents & { raw: (text: string) => void }, StreamClientEvents>

async function serve(world: StreamWorld) {
  const cookie = await makeSession(world.actorId)
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const server = makeSocketServer(http, base)
  attachSockets(server)
  const client: Client = io(base, { transports: ['websocket'], extraHeaders: { cookie } })
  await new Promise<void>((resolve, reject) => client.on('connect', resolve).on('connect_error', reject))
  return { server, client }
}

/** Runs the printer once and collects, for each line, the milliseconds from its printing to `heard` saying it. */
async function collect(take: (chunk: Buffer) => void, heard: (say: (text: string) => void) => void): Promise<number[]> {
  const delays: number[] = []
  let all: () => void = () => undefined
  const complete = new Promise<void>((resolve) => {
    all = resolve
  })
  heard((text) => {
    for (const printed of text.trimEnd().split('\n')) delays.push(now() - Number(printed))
    if (delays.length >= linesPerRun) all()
  })
  const child = spawn(process.execPath, ['-e', printer], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', take)
  await complete
  return delays
}

async function live(world: StreamWorld, client: Client): Promise<number[]> {
  const streamId = await createStream(world.projectId, 'build')
  await new Promise<void>((resolve) => client.emit('stream:open', { service: world.service, streamId }, () => resolve()))
  const writer = openWriter(world.projectId, streamId)
  const delays = await collect(
    (chunk) => writer.write('print', chunk),
    (say) => client.on('stream:more', ({ chunk }) => chunk?.text && say(chunk.text)),
  )
  client.off('stream:more')
  client.emit('stream:close', { streamId })
  await writer.close()
  return delays
}

async function bare(server: AppSocketServer, client: Client): Promise<number[]> {
  const delays = await collect(
    (chunk) => server.emit('raw', chunk.toString()),
    (say) => client.on('raw', say),
  )
  client.off('raw')
  return delays
}

export const bench: Bench = {
  id: 'live-line',
  about: 'one line printed -> on the socket of a watching client, beside the same pipe and socket with nothing stored between them',
  async run() {
    const world = await streamWorld()
    const { server, client } = await serve(world)
    try {
      const stored: number[][] = []
      const direct: number[][] = []
      await live(world, client)
      for (let i = 0; i < runs; i++) {
        direct.push(await bare(server, client))
        stored.push(await live(world, client))
      }
      const at = (share: number) => ({
        unit: 'ms',
        runs: stored.map((delays) => percentile(delays, share)),
        baseline: direct.map((delays) => percentile(delays, share)),
      })
      return [
        { what: 'p50', ...at(0.5), goal: { atMost: 50 } },
        { what: 'p95', ...at(0.95), goal: { atMost: 120 } },
      ]
    } finally {
      client.disconnect()
      await server.close()
      await world.stop()
    }
  },
}
