import { dirname, join } from 'node:path'
import { spawnSandbox, writeEtc } from '@/server/core/sandbox.ts'
import type { AppProcess, SupervisorSpec } from '../supervision/types.ts'
import { headOf } from './launch.ts'
import { watchSocketFolder } from './socket-folder.ts'

const litterWords =
  'The app was ended: it put something beside its socket in /run/maestro, where nothing else may lie. Its files belong into DATA_DIR.\n'

/** The port an app gets in its sandbox; each sandbox has a loopback of its own, so it is always free. */
const port = '8080'

/**
 * Starts an app in a sandbox that sees its release (read only, so each start is the same), its own data and the folder in which the forwarder
 * opens the app's socket; nothing else of this machine, and no network.
 */
export function launchSandbox(spec: SupervisorSpec): AppProcess {
  const child = spawnSandbox(
    {
      etcDir: writeEtc(join(dirname(spec.statePath), 'etc')),
      workspace: { path: spec.sourceDir, readOnly: true },
      mounts: [
        { from: spec.dataDir, to: '/data', writable: true },
        { from: spec.socketDir, to: '/run/maestro', writable: true },
        { from: spec.forwarderPath, to: '/run/forwarder.mjs' },
      ],
      env: { NODE_ENV: 'production', npm_config_update_notifier: 'false', npm_config_logs_max: '0', ...spec.env, DATA_DIR: '/data' },
      limits: { memoryMb: spec.memoryMb },
      command: ['node', '/run/forwarder.mjs', '/run/maestro/app.sock', port, '-', ...spec.command],
    },
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const head = headOf(child)
  const leave = watchSocketFolder(spec.socketDir, 'app.sock', () => {
    child.stderr?.emit('data', Buffer.from(litterWords))
    head.kill()
  })
  void head.exited.then(leave)
  return head
}
