// The server's part that answers and watches, as a process of its own: node --import tsx server.ts <url of the model's API>
import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCallerKey } from '@/server/ai/door/caller-key.ts'
import { startAiChild } from '@/server/ai/door/child.ts'
import { createChat } from '@/server/chats/service.ts'
import { env } from '@/server/core/env.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { makeLive } from '@/server/core/live.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { makeSocketServer } from '@/server/core/sockets.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { attachSockets } from '@/server/sockets.ts'
import { asActor, makeSession, makeUser } from '@/server/testing/factories.ts'
import { streamWorld } from '@/server/testing/stream-world.ts'
import { until } from '@/server/testing/until.ts'
import { send, startRunner } from '@/server/workspace/service.ts'
import { settledMemory } from './settled.ts'
import type { FromServer, ToServer, WatchedChat } from './types.ts'

const [upstream = ''] = process.argv.slice(2)
const world = await streamWorld()
const { jwk, ...caller } = await makeCallerKey()
const keys = await mkdtemp(join(tmpdir(), 'maestro-bench-ai-'))
const ai = await startAiChild({
  command: [process.execPath, join(projectRoot(), 'dist', 'ai-server.js'), 'worker'],
  environment: {
    ...{ ANTHROPIC_BASE_URL: upstream, ANTHROPIC_API_KEY: 'bench', AI_SERVER_PORT: '0', MAESTRO_LOG_LEVEL: 'warn' },
    ...{ AI_SERVER_KEY_FILE: join(keys, 'server.key'), AI_SERVER_CALLERS: JSON.stringify({ keys: [jwk] }) },
  },
  renewable: true,
  demo: true,
  caller,
})
Object.assign(env(), { MAESTRO_DATA_DIR: world.dataDir, MAESTRO_CHAT_TOKENS_PER_DAY: 1e12 })
register({ ai: ai.ai, live: makeLive(), objects: fileObjectStore(join(world.dataDir, 'objects')) })
const http = createServer()
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
attachSockets(makeSocketServer(http, base, { scale: 1_000 }))
const runner = startRunner()
const say = (message: FromServer) => process.send?.(message)
const chats: (WatchedChat & { actorId: ActorId })[] = []

async function prepareOne(): Promise<WatchedChat & { actorId: ActorId }> {
  const { id } = await makeUser()
  const actorId = await asActor(id)
  const chat = await createChat(actorId, { requestId: randomUUID(), agentId: null })
  return { actorId, sessionId: chat.id, cookie: await makeSession(id) }
}

async function handle(message: ToServer): Promise<void> {
  if (message.kind === 'prepare') {
    while (chats.length < message.people) chats.push(...(await Promise.all(Array.from({ length: 10 }, prepareOne))))
    say({ kind: 'ready', base, chats: chats.slice(0, message.people).map(({ sessionId, cookie }) => ({ sessionId, cookie })) })
  } else if (message.kind === 'say') {
    const text = `[demo rate=${message.rate},words=${message.words}]`
    const one = ({ actorId, sessionId }: (typeof chats)[number]) =>
      send(actorId, { sessionId, requestId: randomUUID(), text, attachmentIds: [] })
    say({ kind: 'said', runIds: (await Promise.all(chats.slice(0, message.chats).map(one))).map(({ runId }) => runId) })
  } else if (message.kind === 'memory') {
    say({ kind: 'memory', bytes: await settledMemory() })
  } else {
    await until(async () => runner.running === 0 && (await registry('db').chatRun.count({ where: { endedAt: null } })) === 0, {
      timeoutMs: 60_000,
    })
    say({ kind: 'idle' })
  }
}

process.on('message', (message: ToServer) => {
  handle(message).catch((error) => {
    process.stderr.write(`${error}\n`)
    process.exit(1)
  })
})
process.on('disconnect', async () => {
  await runner.stop()
  await ai.stop()
  await world.stop()
  process.exit(0)
})
