import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { unixRequest } from '@/server/core/unix-http.ts'
import type { SupervisorSpec, SupervisorStatus } from '../supervision/types.ts'
import { controlSockets, supervisorPlaces } from './places.ts'
import { programs } from './programs.ts'
import type { AppToKeep } from './types.ts'

const startTimeoutMs = 15_000
const endTimeoutMs = 20_000

/** What a supervisor says of itself, or null where none answers on this socket. */
export async function statusOf(controlSocket: string): Promise<SupervisorStatus | null> {
  try {
    const answer = await unixRequest({ socketPath: controlSocket, path: '/status', timeoutMs: 10_000 })
    return answer.status === 200 ? (JSON.parse(answer.text) as SupervisorStatus) : null
  } catch {
    return null
  }
}

/** Ends a supervisor and its tree; true where one was there. `drain` lets open connections finish first. */
export async function endSupervisor(controlSocket: string, how: 'stop' | 'drain' = 'stop'): Promise<boolean> {
  if (!existsSync(controlSocket)) return false
  const there = await unixRequest({ socketPath: controlSocket, method: 'POST', path: `/${how}`, timeoutMs: endTimeoutMs })
    .then(() => true)
    .catch(async () => (await statusOf(controlSocket)) !== null)
  for (let waitedMs = 0; there && waitedMs < endTimeoutMs && (await statusOf(controlSocket)); waitedMs += 20) await delay(20)
  return there
}

/**
 * Has the app started anew, on empty data if asked; resolves when its process has been started, which is before it answers.
 * @throws Error where no supervisor answers
 */
export async function restartApp(controlSocket: string, options: { emptyData: boolean }): Promise<void> {
  const answer = await unixRequest({ socketPath: controlSocket, method: 'POST', path: '/restart', body: options, timeoutMs: endTimeoutMs })
  if (answer.status !== 200) throw new Error(`the app could not be restarted: ${answer.text.slice(0, 200)}`)
}

/** All supervisors of a data directory that answer, found by their sockets alone: neither the server nor the database is needed. */
export async function supervisorsOf(dataDir: string): Promise<SupervisorStatus[]> {
  const { dir, isControl } = controlSockets(dataDir)
  const names = (await readdir(dir)).filter(isControl)
  const found = await Promise.all(names.map((name) => statusOf(join(dir, name))))
  return found.filter((status) => status !== null)
}

async function prepare(dataDir: string, app: AppToKeep, attached: boolean): Promise<{ spec: SupervisorSpec; logPath: string }> {
  const { statePath, controlSocket, socketDir, logPath } = supervisorPlaces(dataDir, app.key)
  const { forwarder } = await programs()
  const spec: SupervisorSpec = { ...app, statePath, controlSocket, socketDir, attached, forwarderPath: forwarder }
  await mkdir(dirname(statePath), { recursive: true, mode: 0o700 })
  await mkdir(app.dataDir, { recursive: true, mode: 0o700 })
  return { spec, logPath }
}

/** A supervisor gets nothing of the server's environment: it holds keys, and the supervisor is the parent of other people's code. */
const supervisorEnv = () => ({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NODE_ENV: 'production' })

/** The spec goes in at the standard input: it holds the values of the app's environment, which no file shall. */
async function spawnSupervisor(spec: SupervisorSpec, logPath: string): Promise<ChildProcess> {
  const { attached } = spec
  const { supervisor } = await programs()
  // Anew each time: it says why the last start failed, and never grows for long.
  const log = attached ? null : openSync(logPath, 'w', 0o600)
  try {
    const child = spawn(process.execPath, ['--max-old-space-size=64', supervisor], {
      cwd: '/',
      env: supervisorEnv() as NodeJS.ProcessEnv,
      detached: !attached,
      stdio: log === null ? ['pipe', 'pipe', 'pipe'] : ['pipe', log, log],
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.write(`${JSON.stringify(spec)}\n`)
    // One that is attached ends when its standard input does.
    if (!attached) child.stdin?.end()
    return child
  } finally {
    // The child has its own copy.
    if (log !== null) closeSync(log)
  }
}

async function untilItAnswers(child: ChildProcess, controlSocket: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += 15) {
    if ((await statusOf(controlSocket))?.pid === child.pid) return
    if (child.exitCode !== null || child.signalCode !== null) break
    await delay(15)
  }
  child.kill('SIGKILL')
  throw new Error(`the supervisor did not start (${child.signalCode ?? `status ${child.exitCode}`})`)
}

/** Starts a supervisor that outlives this process. One that keeps the same key is ended first. */
export async function startDetached(dataDir: string, app: AppToKeep): Promise<void> {
  const { controlSocket } = supervisorPlaces(dataDir, app.key)
  await endSupervisor(controlSocket)
  const { spec, logPath } = await prepare(dataDir, app, false)
  const child = await spawnSupervisor(spec, logPath)
  child.unref()
  await untilItAnswers(child, controlSocket)
}

/** Starts a supervisor that ends with this process; the app's output comes through `onOutput`. */
export async function startAttached(dataDir: string, app: AppToKeep, onOutput: (bytes: Buffer) => void): Promise<void> {
  const { controlSocket } = supervisorPlaces(dataDir, app.key)
  await endSupervisor(controlSocket)
  const { spec, logPath } = await prepare(dataDir, app, true)
  const child = await spawnSupervisor(spec, logPath)
  child.stdout?.on('data', onOutput)
  child.stderr?.on('data', onOutput)
  await untilItAnswers(child, controlSocket)
}
