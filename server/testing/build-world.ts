import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { environmentWith } from '@/server/core/env.ts'
import { registry } from '@/server/core/registry.ts'
import type { BuildOrder } from './build-server.ts'
import { streamWorld } from './stream-world.ts'

/** What a measurement of builds stands on: a server process of its own on a database as it is shipped. */
export interface BuildWorld {
  /** Asks for builds and gives the milliseconds until the last of them has ended. */
  time(order: BuildOrder): Promise<number>
  stop(): Promise<void>
}

const program = fileURLToPath(new URL('./build-server.ts', import.meta.url))

/** Starts it, with leave to run plain processes. */
export async function buildWorld(): Promise<BuildWorld> {
  const world = await streamWorld()
  const { connectionString = '' } = registry('pool').options
  const env = environmentWith({
    MAESTRO_UNSAFE_EXECUTOR: '1',
    MAESTRO_DATA_DIR: world.dataDir,
    MAESTRO_LOG_LEVEL: 'error',
    NODE_ENV: 'production',
  })
  const args = [connectionString, randomBytes(32).toString('hex')]
  const server: ChildProcess = fork(program, args, { execArgv: ['--import', 'tsx'], env })
  await once(server, 'message')
  return {
    async time(order) {
      const answer = once(server, 'message')
      server.send(order)
      return (await answer)[0] as number
    },
    async stop() {
      server.disconnect()
      await once(server, 'exit')
      await world.stop()
    },
  }
}

/** Five bare starts of `true`, one after another: what no executor can beat. In milliseconds. */
export async function fiveSpawns(): Promise<number> {
  const startedAt = performance.now()
  for (let at = 0; at < 5; at++) await once(spawn('true', { stdio: 'ignore' }), 'close')
  return performance.now() - startedAt
}
