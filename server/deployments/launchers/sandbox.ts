import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AppProcess, SupervisorSpec } from '../supervision/types.ts'
import { spawnHead } from './launch.ts'

export function launchSandbox(spec: SupervisorSpec): AppProcess {
  const prefix = dirname(dirname(process.execPath))
  const system = ['/bin', '/lib', '/lib64', '/sbin'].filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path])
  const args = [
    ...[
      '--unshare-all',
      '--unshare-user',
      '--uid',
      '1000',
      '--gid',
      '1000',
      '--cap-drop',
      'ALL',
      '--die-with-parent',
      '--new-session',
      '--clearenv',
    ],
    ...['--ro-bind', '/usr', '/usr', ...system],
    ...(prefix.startsWith('/usr') ? [] : ['--ro-bind', prefix, prefix]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--ro-bind', spec.sourceDir, '/workspace', '--bind', spec.dataDir, '/data', '--bind', spec.socketDir, '/run/maestro'],
    ...['--ro-bind', spec.forwarderPath, '/run/forwarder.mjs', '--chdir', '/workspace'],
  ]
  const env: Record<string, string> = {
    PATH: `${prefix}/bin:/usr/bin:/bin`,
    HOME: '/tmp',
    NODE_ENV: 'production',
    ...spec.env,
    DATA_DIR: '/data',
  }
  for (const [name, value] of Object.entries(env)) args.push('--setenv', name, value)
  return spawnHead('bwrap', [...args, '--', process.execPath, '/run/forwarder.mjs', '/run/maestro/app.sock', '8080', ...spec.command], {
    env: {} as never,
  })
}
