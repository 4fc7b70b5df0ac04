import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from '@/server/core/paths.ts'
import { startDemoModel } from '@/server/embedded/model/server.ts'
import type { FromClients, FromServer, ToClients, ToServer, WatchedChat } from './types.ts'

/** A process that is told things and answers each. */
interface Actor<To, From extends { kind: string }> {
  tell(message: To): void
  hear<K extends From['kind']>(kind: K): Promise<Extract<From, { kind: K }>>
  end(): Promise<void>
}

function startActor<To extends object, From extends { kind: string }>(name: string, args: string[] = []): Actor<To, From> {
  const program = ['--expose-gc', '--import', 'tsx', join(projectRoot(), 'server', 'testing', 'bench', 'chats', name), ...args]
  const child: ChildProcess = spawn(process.execPath, program, { cwd: projectRoot(), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const heard: From[] = []
  const waiting = new Set<() => void>()
  child.on('message', (message) => {
    heard.push(message as From)
    for (const wake of waiting) wake()
  })
  child.on('exit', () => {
    for (const wake of waiting) wake()
  })
  return {
    tell: (message) => void child.send(message),
    async hear(kind) {
      for (;;) {
        const at = heard.findIndex((message) => message.kind === kind)
        if (at >= 0) return heard.splice(at, 1)[0] as never
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake)
            resolve()
          }
          waiting.add(wake)
        })
      }
    },
    async end() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** One of the two servers that are compared. */
export interface Side {
  base: string
  chats: WatchedChat[]
  bare: boolean
  server: Actor<ToServer, FromServer>
}

/** Everything on stage: ours, the bare one, and the clients, each a process of its own. */
export interface Stage {
  ours: Side
  bare: Side
  /** Opens connections one after another's beginning, all at once; gives how long each took. */
  connect(side: Side, count: number): Promise<number[]>
  /** Has conversations answered while they are watched. */
  stream(side: Side, chats: number, words: number, rate: number): Promise<{ delays: number[]; lost: number }>
  memory(side: Side): Promise<number>
  leave(): Promise<void>
  end(): Promise<void>
}

/** Sets it up with so many people, each with a conversation of their own. */
export async function setStage(people: number): Promise<Stage> {
  const model = await startDemoModel()
  const clients = startActor<ToClients, FromClients>('clients.ts')
  const sideOf = async (bare: boolean): Promise<Side> => {
    const server = startActor<ToServer, FromServer>(bare ? 'bare.ts' : 'server.ts', [model.url])
    server.tell({ kind: 'prepare', people })
    const { base, chats } = await server.hear('ready')
    return { base, chats, bare, server }
  }
  const [ours, bare] = [await sideOf(false), await sideOf(true)]
  return {
    ours,
    bare,
    async connect(side, count) {
      const cookies = Array.from({ length: count }, (_, at) => side.chats[at % side.chats.length]?.cookie ?? '')
      clients.tell({ kind: 'connect', base: side.base, cookies, bare: side.bare })
      return (await clients.hear('connected')).delays
    },
    async stream(side, chats, words, rate) {
      clients.tell({ kind: 'watch', chats: side.chats.slice(0, chats), words, base: side.base, bare: side.bare })
      await clients.hear('watching')
      side.server.tell({ kind: 'say', chats, words, rate })
      const { delays, lost } = await clients.hear('heard')
      side.server.tell({ kind: 'idle' })
      await side.server.hear('idle')
      return { delays, lost }
    },
    async memory(side) {
      side.server.tell({ kind: 'memory' })
      return (await side.server.hear('memory')).bytes
    },
    async leave() {
      clients.tell({ kind: 'leave' })
      await clients.hear('left')
    },
    async end() {
      await Promise.all([clients.end(), ours.server.end(), bare.server.end()])
      await model.stop()
    },
  }
}
