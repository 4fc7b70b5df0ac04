import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { isAlive } from '@/server/core/process.ts'
import { ensureCluster, readPassword } from './cluster.ts'
import { existingCluster, type Location, locate } from './location.ts'
import { answers, boundLog, endPostmaster, freePort, type Postmaster, runningPostmaster, spawnPostmaster, superuser } from './postmaster.ts'

/** The embedded database of one data directory. It runs as a process of its own and outlives the process that started it. */
export interface EmbeddedPostgres {
  /** Connection string of the product's database, over loopback. */
  url: string
  /** One sentence for the output where files lie elsewhere than in the data directory. */
  notice: string | null
  pid(): number
  /** Ends the watch and the server. */
  stop(): Promise<void>
  /** Ends the watch and leaves the server running, for whoever starts next. */
  release(): void
}

export interface PostgresOptions {
  /** False for tests: nothing is flushed to disk, and a power cut may lose all. */
  durable?: boolean
  settings?: Record<string, string>
  /** Told in words when the server had to be started again, or could not be. */
  onEvent?: (message: string) => void
}

const database = 'maestro'
const watchIntervalMs = 200
const startTimeoutMs = 60_000
const logLookMs = 60_000

const logFileOf = (dataDir: string) => join(dataDir, 'logs', 'postgres.log')

const urlOf = (port: number, password: string, name: string) => `postgresql://${superuser}:${password}@127.0.0.1:${port}/${name}`

function settingsOf(options: PostgresOptions): Record<string, string> {
  const carefree = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  return { max_connections: '120', jit: 'off', timezone: 'UTC', ...(options.durable === false ? carefree : {}), ...options.settings }
}

interface Wanted {
  location: Location
  password: string
  dataDir: string
  options: PostgresOptions
}

/** Adopts the server that already runs on this cluster, or starts one; on `port` where that is given. */
async function bringUp({ location, password, dataDir, options }: Wanted, port?: number): Promise<Postmaster> {
  const logFile = logFileOf(dataDir)
  const deadline = Date.now() + startTimeoutMs
  for (; Date.now() < deadline; await delay(50)) {
    const found = runningPostmaster(location.cluster)
    if (found && (await answers(location.cluster, found.port, password))) {
      if (port === undefined || port === found.port) return found
      await endPostmaster(location.cluster)
    }
    // One that lives and does not answer is starting, recovering or stopping: its next state tells.
    if (found) continue
    const settings = settingsOf(options)
    const started = await spawnPostmaster(location, { port: port ?? (await freePort()), password, logFile, settings, deadline })
    if (started) return started
  }
  throw new Error(`PostgreSQL did not start within ${startTimeoutMs / 1000} s; ${logFile} says why.`)
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${database}`)
  } catch (error) {
    // Already there (42P04), or made by another starter at this moment (23505).
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
}

/** Starts the server again, on the same port, whenever it is gone; returns the function that ends the watch. */
function watch(wanted: Wanted, current: Postmaster): { pid(): number; end(): void } {
  let state = current
  let ended = false
  const bound = setInterval(() => boundLog(logFileOf(wanted.dataDir)), logLookMs)
  bound.unref()
  const loop = async () => {
    while (!ended) {
      await delay(watchIntervalMs, undefined, { ref: false })
      if (ended || isAlive(state.pid)) continue
      try {
        state = await bringUp(wanted, state.port)
        wanted.options.onEvent?.('PostgreSQL had ended and was started again.')
      } catch (error) {
        wanted.options.onEvent?.((error as Error).message)
      }
    }
  }
  void loop()
  return {
    pid: () => state.pid,
    end: () => {
      ended = true
      clearInterval(bound)
    },
  }
}

/**
 * Starts the embedded PostgreSQL of a data directory, or adopts the one that an earlier, killed process left running,
 * and keeps it running. Several processes may call this at once.
 * @throws Error in words
 */
export async function startPostgres(dataDir: string, options: PostgresOptions = {}): Promise<EmbeddedPostgres> {
  const directory = resolve(dataDir)
  await mkdir(join(directory, 'logs'), { recursive: true, mode: 0o700 })
  const location = await locate(directory)
  const password = await ensureCluster(location, { durable: options.durable !== false })
  const wanted = { location, password, dataDir: directory, options }
  const postmaster = await bringUp(wanted)
  await ensureDatabase(urlOf(postmaster.port, password, 'postgres'))
  const watcher = watch(wanted, postmaster)
  return {
    url: urlOf(postmaster.port, password, database),
    notice: location.notice,
    pid: watcher.pid,
    release: watcher.end,
    stop: async () => {
      watcher.end()
      await endPostmaster(location.cluster)
    },
  }
}

/** Ends the PostgreSQL of a data directory, whoever started it. False where none ran. */
export async function stopPostgres(dataDir: string): Promise<boolean> {
  const cluster = existingCluster(dataDir)
  return cluster ? endPostmaster(cluster) : false
}

/** The connection string of the server that runs on a data directory, or null. */
export async function runningUrl(dataDir: string): Promise<string | null> {
  const cluster = existingCluster(dataDir)
  const found = cluster && runningPostmaster(cluster)
  return found ? urlOf(found.port, await readPassword(cluster), database) : null
}
