import { spawn } from 'node:child_process'
import { chownSync, lstatSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { AppProcess, SupervisorSpec } from '../supervision/types.ts'
import { headOf } from './launch.ts'

/** The user without rights that every system has. */
const nobody = 65_534

function give(path: string, uid: number): void {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  chownSync(path, uid, uid)
  if (stat.isDirectory()) for (const name of readdirSync(path)) give(join(path, name), uid)
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
    ...spec.env,
    DATA_DIR: spec.dataDir,
  }
  const args = [spec.forwarderPath, join(spec.socketDir, 'app.sock'), '0', root ? String(nobody) : '-', ...spec.command]
  return headOf(spawn(process.execPath, args, { env: env as NodeJS.ProcessEnv, cwd: spec.sourceDir, stdio: ['pipe', 'pipe', 'pipe'] }))
}
