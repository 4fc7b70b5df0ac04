import { delimiter, dirname, join } from 'node:path'
import type { AppProcess, SupervisorSpec } from '../supervision/types.ts'
import { spawnHead } from './launch.ts'

/** Starts an app without a sandbox, for code that is ours. It listens on a free port of loopback, which only the forwarder uses. */
export function launchProcess(spec: SupervisorSpec): AppProcess {
  const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
  const env = { PATH: path, HOME: spec.dataDir, NODE_ENV: 'production', ...spec.env, DATA_DIR: spec.dataDir }
  const args = [spec.forwarderPath, join(spec.socketDir, 'app.sock'), '0', ...spec.command]
  return spawnHead(process.execPath, args, { env, cwd: spec.sourceDir })
}
