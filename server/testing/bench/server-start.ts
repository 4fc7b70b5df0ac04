import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serverStatus } from '@/server/core/control.ts'
import { environmentWith } from '@/server/core/env.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { ask, freePort } from '@/server/testing/server-process.ts'
import { until } from '@/server/testing/until.ts'
import type { Bench } from './types.ts'

const runs = 5
/** How long the server has nothing to do before its memory is read. */
const idleMs = 5_000

/** What every server costs: npm, Node and an HTTP server of one line. */
const bareServer = `require('node:http').createServer((request, response) => response.end('hello')).listen(process.env.PORT, '127.0.0.1')`

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const texts = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')))
  return texts.join(' ').split(' ').filter(Boolean).map(Number)
}

async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  // The database is not the server's own, whoever started it.
  if (/^Name:\s*postgres/.test(status)) return 0
  const own = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_000
  const below = await Promise.all((await childrenOf(pid)).map(memoryMb))
  return below.reduce((sum, mb) => sum + mb, own)
}

interface Start {
  command: string[]
  env: Record<string, string>
  /** Who serves, once somebody does. */
  pid(starter: number): Promise<number>
}

/** Starts a server, waits for its first page and then for its rest, and ends it. Seconds and megabytes. */
async function once({ command: [program = '', ...args], env, pid }: Start): Promise<{ time: number; memory: number }> {
  const port = await freePort()
  const startedAt = performance.now()
  const starter = spawn(program, args, { cwd: projectRoot(), env: environmentWith({ ...env, PORT: String(port) }), stdio: 'ignore' })
  const gone = new Promise((resolve) => starter.once('exit', resolve))
  try {
    const served = async () => (await ask(port, '/').catch(() => null))?.status === 200
    await until(served, { timeoutMs: 120_000, everyMs: 10, what: 'the first page' })
    const time = (performance.now() - startedAt) / 1_000
    await delay(idleMs)
    const server = await pid(starter.pid ?? 0)
    const memory = await memoryMb(server)
    process.kill(server, 'SIGTERM')
    await gone
    return { time, memory }
  } finally {
    starter.kill('SIGKILL')
  }
}

/** The server on one data directory, as `npm start` starts it: no variable of this process says otherwise. */
function maestro(dataDir: string): Start {
  const none = { DATABASE_URL: '', INNGEST_BASE_URL: '', MAESTRO_URL: '', GOOGLE_CLIENT_ID: '', ANTHROPIC_API_KEY: '', MAESTRO_DEMO: '' }
  const pid = () => until(async () => (await serverStatus(dataDir))?.pid, { what: 'the server' })
  return { command: ['npm', 'start'], env: { ...none, MAESTRO_DATA_DIR: dataDir }, pid }
}

export const bench: Bench = {
  id: 'server-start',
  about:
    '`npm start` on a data directory that an earlier start has prepared -> its first page, the database started with it; memory is resident, of the ' +
    "server's process and all below it but PostgreSQL, after five idle seconds; beside a one-line HTTP server of Node's, started by npm as well",
  async run() {
    const dataDir = await mkdtemp(join(tmpdir(), 'maestro-bench-'))
    await chmod(dataDir, 0o711)
    const bare: Start = {
      command: ['npm', 'exec', '--offline', '--call', `node -e "${bareServer}"`],
      env: {},
      pid: async (starter) => {
        let at = starter
        for (let [below] = await childrenOf(at); below; [below] = await childrenOf(below)) at = below
        return at
      },
    }
    try {
      await once(maestro(dataDir))
      const served: Awaited<ReturnType<typeof once>>[] = []
      const plain: Awaited<ReturnType<typeof once>>[] = []
      for (let i = 0; i < runs; i++) {
        plain.push(await once(bare))
        served.push(await once(maestro(dataDir)))
      }
      const both = (what: 'time' | 'memory') => ({ what, runs: served.map((run) => run[what]), baseline: plain.map((run) => run[what]) })
      return [
        { ...both('time'), unit: 's', goal: { atMost: 3 } },
        { ...both('memory'), unit: 'MB', goal: { atMost: 300 } },
      ]
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  },
}
