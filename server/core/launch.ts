import { type ChildProcess, spawn } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { askToStop, buildVersion, recordedPid, type ServerStatus, serverStatus } from './control.ts'
import { environmentWith } from './env.ts'
import { projectRoot } from './paths.ts'
import { isAlive, signal } from './process.ts'

const maxLogBytes = 16 * 1024 * 1024
const startTimeoutMs = 120_000
const stopTimeoutMs = 30_000

/** As `npm start` does: threads that share one heap, and give back what they freed, spare a server that has started some 60 MB. */
const thrifty = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' }

/** A reason, in one sentence for a person, why a server cannot be started. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}

/** Makes a folder and those above it. Node's own recursive way never ends below /proc. */
function makeFolders(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another starter may have made it at this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error
  }
}

/** @throws LaunchError where the directory cannot be made or written */
export function checkDataDir(dataDir: string): void {
  try {
    makeFolders(join(dataDir, 'logs'))
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = {
      EACCES: 'permission is denied',
      EPERM: 'permission is denied',
      EROFS: 'the disk is read-only',
      ENOTDIR: 'a part of the path is a file',
      EEXIST: 'a file is in the way',
      ENOENT: 'nothing can be made there',
    }
    throw new LaunchError(`The data directory ${dataDir} cannot be written: ${why[code as keyof typeof why] ?? code}.`)
  }
}

/** @throws LaunchError where another program listens on the port */
export async function checkPort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'cannot be opened'
      reject(new LaunchError(`Port ${port} ${why}: choose another one with --port.`))
    })
    probe.listen(port, '127.0.0.1', resolve)
  })
  await new Promise((resolve) => probe.close(resolve))
}

/** Keeps this process's standard output small where it is a log file; call it once in a while. */
export function boundOutput(maxBytes = maxLogBytes): void {
  const stat = fstatSync(1)
  if (stat.isFile() && stat.size > maxBytes) ftruncateSync(1)
}

function openLog(file: string): number {
  try {
    if (statSync(file).size > maxLogBytes) truncateSync(file)
  } catch {
    // There is none yet.
  }
  return openSync(file, 'a', 0o600)
}

/** The last thing a server said before it ended, as plain words where it was a JSON line. */
function lastWords(file: string, from: number): string {
  const lines = readFileSync(file).subarray(from).toString().trim().split('\n')
  const last = lines.at(-1) ?? ''
  try {
    const { msg, err } = JSON.parse(last) as { msg?: string; err?: { message?: string } }
    return err?.message ?? msg ?? last
  } catch {
    return last
  }
}

async function untilReady(dataDir: string, child: ChildProcess | null, logFile: string, logFrom: number): Promise<ServerStatus> {
  for (const end = Date.now() + startTimeoutMs; Date.now() < end; await delay(40)) {
    const status = await serverStatus(dataDir).catch(() => null)
    if (status?.ready) return status
    if (child && child.exitCode === null && child.signalCode === null) continue
    if (child) throw new LaunchError(`The server did not start: ${lastWords(logFile, logFrom)} (its log is ${logFile})`)
  }
  throw new LaunchError(`The server was not ready within ${startTimeoutMs / 1000} s; its log is ${logFile}.`)
}

export interface LaunchedServer extends ServerStatus {
  /** False where it ran already. */
  started: boolean
}

/**
 * The server of a data directory: the one that runs, where it is of this build and on this port, otherwise a new one.
 * It is a process of its own that outlives this one.
 * @throws LaunchError in one sentence
 */
export async function ensureServer(options: {
  dataDir: string
  port: number
  /** What its environment has besides this process's own. */
  environment?: Record<string, string>
}): Promise<LaunchedServer> {
  const { dataDir, port, environment = {} } = options
  checkDataDir(dataDir)
  const logFile = join(dataDir, 'logs', 'server.log')
  const found = await serverStatus(dataDir)
  if (found && found.version === buildVersion() && new URL(found.url).port === String(port)) {
    return { ...(await untilReady(dataDir, null, logFile, 0)), started: false }
  }
  if (found) await endServer(dataDir)
  await checkPort(port)
  const log = openLog(logFile)
  const logFrom = fstatSync(log).size
  const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'main.js')], {
    cwd: projectRoot(),
    detached: true,
    stdio: ['ignore', log, log],
    env: environmentWith({
      ...thrifty,
      ...environment,
      NODE_ENV: 'production',
      MAESTRO_DEMO: '1',
      MAESTRO_DATA_DIR: dataDir,
      PORT: String(port),
    }),
  })
  closeSync(log)
  child.unref()
  return { ...(await untilReady(dataDir, child, logFile, logFrom)), started: true }
}

/** A number that was written down may be anybody's by now; only a process that runs our program is ours to end. */
function runsMaestro(pid: number): boolean {
  try {
    return /\bmain\.(js|ts)\b|bootstrap\.mjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

/** Ends the server of a data directory, kindly at first. False where none ran. */
export async function endServer(dataDir: string): Promise<boolean> {
  const status = await serverStatus(dataDir).catch(() => null)
  const pid = status?.pid ?? recordedPid(dataDir)
  if (!pid || pid === process.pid || (!status && !runsMaestro(pid))) return false
  await askToStop(dataDir).catch(() => false)
  for (const end = Date.now() + stopTimeoutMs; Date.now() < end; await delay(40)) if (!isAlive(pid)) return true
  signal(pid, 'SIGKILL')
  return true
}
