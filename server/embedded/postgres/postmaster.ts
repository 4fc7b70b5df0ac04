import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { isAlive, signal } from '@/server/core/process.ts'
import type { Location } from './location.ts'

/** A running PostgreSQL server as its `postmaster.pid` describes it. */
export interface Postmaster {
  pid: number
  port: number
}

const maxLogBytes = 4 * 1024 * 1024
export const superuser = 'maestro'
/** None of our own variables: they hold keys. Next's types ask for NODE_ENV in every environment. */
export const programEnv = { LC_ALL: 'C.UTF-8', TZ: 'UTC' } as unknown as NodeJS.ProcessEnv

/** Whether a pid is PostgreSQL's; after a reboot the number in an old file may be anybody's. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch {
    return isAlive(pid)
  }
}

/** Reads `postmaster.pid`; null where no server lives. A file that names a stranger is removed, since PostgreSQL would respect it. */
export function runningPostmaster(cluster: string): Postmaster | null {
  const file = join(cluster, 'postmaster.pid')
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    if (!pid || !isAlive(pid)) return null
    if (isPostgres(pid)) return { pid, port: port || 0 }
    rmSync(file, { force: true })
    return null
  } catch {
    return null
  }
}

/** Connects once; true where the server answers and really serves this cluster. */
export async function answers(cluster: string, port: number, password: string): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory')
    return rows[0]?.data_directory === cluster
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Keeps the server's log small, also while the server writes to it. */
export function boundLog(file: string): void {
  try {
    if (statSync(file).size > maxLogBytes) truncateSync(file)
  } catch {
    // There is none yet.
  }
}

function openLog(file: string): number {
  boundLog(file)
  return openSync(file, 'a', 0o600)
}

/**
 * Starts the server as a process of its own that outlives this one, and waits until it answers.
 * @returns null where it ended again, for instance because another starter was first or the port is taken, or did not answer in time
 */
export async function spawnPostmaster(
  location: Location,
  options: { port: number; password: string; logFile: string; settings: Record<string, string>; deadline: number },
): Promise<Postmaster | null> {
  const { cluster, programs, identity } = location
  const log = openLog(options.logFile)
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings }
  const args = [
    '-D',
    cluster,
    '-p',
    String(options.port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const child = spawn(join(programs, 'bin', 'postgres'), args, {
    ...identity,
    cwd: cluster,
    detached: true,
    stdio: ['ignore', log, log],
    env: programEnv,
  })
  closeSync(log)
  const ended = new Promise<'ended'>((resolve) => child.once('exit', () => resolve('ended')).once('error', () => resolve('ended')))
  child.unref()
  while (Date.now() < options.deadline) {
    if (await answers(cluster, options.port, options.password)) return runningPostmaster(cluster)
    if ((await Promise.race([ended, delay(25)])) === 'ended') return null
  }
  return null
}

/** Ends a server: fast shutdown first, then an immediate one, from which the next start recovers. */
export async function endPostmaster(cluster: string): Promise<boolean> {
  const found = runningPostmaster(cluster)
  if (!found) return false
  for (const [name, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(found.pid, name)
    for (const end = Date.now() + waitMs; Date.now() < end; await delay(20)) if (!isAlive(found.pid)) return true
  }
  return true
}
