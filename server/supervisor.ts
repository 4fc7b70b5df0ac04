/**
 * The process beside each deployed service; it outlives the server, which finds it again through its control socket.
 * The server (`deployments/launchers/`) says what it keeps in the first line of its standard input, as JSON.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from './core/clock.ts'
import { launchProcess } from './deployments/launchers/process.ts'
import { launchSandbox } from './deployments/launchers/sandbox.ts'
import { openControl } from './deployments/supervision/control.ts'
import { type Keeper, keep } from './deployments/supervision/keeper.ts'
import { openSpool } from './deployments/supervision/spool.ts'
import type { AppProcess, SupervisorSpec, SupervisorStatus } from './deployments/supervision/types.ts'

/** Readers see the old state or the new one, never a half. */
function writeState(path: string, status: SupervisorStatus): void {
  const { tail: _, ...state } = status
  writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

function launch(spec: SupervisorSpec): AppProcess {
  // A killed tree leaves its socket behind, which whoever waits for the app must not take for it; and whatever else it put there.
  rmSync(spec.socketDir, { recursive: true, force: true })
  mkdirSync(spec.socketDir, { recursive: true, mode: 0o700 })
  return spec.launcher === 'sandbox' ? launchSandbox(spec) : launchProcess(spec)
}

function emptyData(dir: string): void {
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true })
}

function start(spec: SupervisorSpec): Keeper {
  const spool = spec.spool && openSpool(spec.spool, systemClock.now)
  const keeper = keep(spec, {
    clock: systemClock,
    launch: () => launch(spec),
    onOutput: (voice, bytes) => (spool ? spool.write(voice, bytes) : voice !== 'sup' && process.stdout.write(bytes)),
    onChange: (status) => writeState(spec.statePath, status),
    emptyData: () => emptyData(spec.dataDir),
  })
  keeper.ended.then(() => spool?.close())
  return keeper
}

function readSpec(): Promise<SupervisorSpec> {
  return new Promise((resolve, reject) => {
    let text = ''
    const cut = () => reject(new Error('what is to be kept was not said'))
    const take = (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0) return
      process.stdin.off('data', take).off('end', cut).off('error', cut)
      resolve(JSON.parse(text.slice(0, end)) as SupervisorSpec)
    }
    process.stdin.setEncoding('utf8').on('data', take).on('end', cut).on('error', cut)
  })
}

async function main(): Promise<void> {
  const spec = await readSpec()
  mkdirSync(dirname(spec.statePath), { recursive: true, mode: 0o700 })
  mkdirSync(spec.dataDir, { recursive: true, mode: 0o700 })
  let keeper: Keeper | undefined
  // The control socket comes first: whoever cannot have it starts no second app on the same data.
  const control = await openControl(spec.controlSocket, () => (keeper ??= start(spec)))
  keeper ??= start(spec)
  const end = () => void keeper?.end('stop')
  process.on('SIGTERM', end).on('SIGINT', end)
  process.on('SIGHUP', () => undefined)
  if (spec.attached) process.stdin.on('end', end).on('error', end).resume()
  process.stdout.on('error', () => undefined)
  await keeper.ended
  rmSync(spec.statePath, { force: true })
  rmSync(spec.socketDir, { recursive: true, force: true })
  control.close(() => process.exit(0))
  setTimeout(() => process.exit(0), 500).unref()
}

main().catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(`supervisor: ${error.message}\n`)
  process.exit(error.code === 'EADDRINUSE' ? 3 : 1)
})
