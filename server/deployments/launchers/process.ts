import { spawn, spawnSync } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import type { AppProcess, SupervisorSpec } from '../supervision/types.ts'
import { headOf } from './launch.ts'

/** The user without rights that every system has. */
const nobody = 65_534

/** The program chown does it, since it cannot be led outside by a link that is set meanwhile. */
function give(path: string, uid: number): void {
  const { status } = spawnSync('chown', ['-R', '-P', '-h', `${uid}:${uid}`, '--', path], { stdio: 'ignore' })
  if (status !== 0) throw new Error('the data directory could not be given to the user who runs the app')
}

/**
 * Starts an app without a sandbox, for code that is ours. It listens on a free port of loopback, which only the forwarder uses. As root it is handed to
 * a user without rights, who owns its data and nothing else.
 */
export function launchProcess(spec: SupervisorSpec): AppProcess {
  const root = process.getuid?.() === 0
  if (root) give(spec.dataDir, nobody)
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
  const env = {
    PATH: path,
    HOME: spec.dataDir,
    NODE_ENV: 'production',
    npm_config_update_notifier: 'false',
    npm_config_logs_max: '0',
    DATA_DIR: spec.dataDir,
  }
  // What the app asked for is the app's alone: the forwarder is root's, and some variables decide what a program runs.
  const own = Object.entries(spec.env)
    .filter(([name]) => name !== 'PORT' && name !== 'DATA_DIR')
    .map(([name, value]) => `${name}=${value}`)
  const args = [spec.forwarderPath, join(spec.socketDir, 'app.sock'), '0', root ? String(nobody) : '-', 'env', ...own, ...spec.command]
  return headOf(spawn(process.execPath, args, { env: env as NodeJS.ProcessEnv, cwd: spec.sourceDir, stdio: ['pipe', 'pipe', 'pipe'] }))
}
