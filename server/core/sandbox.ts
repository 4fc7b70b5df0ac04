import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { openProcessGroup } from './process-limit.ts'
import { modeFilter } from './syscalls.ts'

/** A file, folder or Unix socket of the host and where it stands inside. Connecting to a socket needs no `writable`. */
export interface Mount {
  from: string
  to: string
  writable?: boolean
}

/** Bounds on what runs inside. Those on memory and files hold for each process; whoever starts the sandbox watches the sum. */
export interface SandboxLimits {
  /** Writable memory; the kernel refuses more than this and some room for stacks. */
  memoryMb: number
  /** Processes and threads, counted in the sandbox alone. */
  processes: number
  /** The largest file that may be written. */
  fileMb: number
  openFiles: number
  /** Size of the scratch file system at /tmp. */
  tmpMb: number
}

export const defaultLimits: SandboxLimits = { memoryMb: 2048, processes: 512, fileMb: 1024, openFiles: 4096, tmpMb: 512 }

/** What a sandbox sees. Everything that is not named here does not exist inside. */
export interface SandboxProfile {
  /** A folder made by `writeEtc`: user, group and host names of the inside. */
  etcDir: string
  /** Mounted at /workspace, where the command starts. */
  workspace?: { path: string; readOnly?: boolean }
  mounts?: Mount[]
  /** Empty folders in memory, bounded as /tmp is; where there is no workspace, the command may start in one. */
  scratch?: string[]
  /** Paths inside that are covered with nothing: `/workspace/.git`. Those that do not exist are skipped. */
  hidden?: string[]
  /** The whole environment of the command. It reaches bubblewrap through a pipe, so no other user reads it in a process list. */
  env: Record<string, string>
  /** Where the command starts; /workspace, or / without one. */
  cwd?: string
  limits?: Partial<SandboxLimits>
  command: readonly string[]
  /** Ends the sandbox when the process that started it ends. */
  dieWithParent?: boolean
}

const megabyte = 1024 * 1024
// Node's threads reserve their stacks as writable memory, whatever the program then needs.
const stackRoomMb = 512
const systemFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']
const systemFiles = ['/etc/alternatives', '/etc/ld.so.cache', '/etc/ld.so.conf', '/etc/ld.so.conf.d']

const etcFiles = {
  passwd: 'maestro:x:1000:1000:maestro:/tmp:/bin/sh\n',
  group: 'maestro:x:1000:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
}

/** Writes the few files of /etc that programs expect into `dir`, once, and returns `dir`. */
export function writeEtc(dir: string): string {
  mkdirSync(dir, { recursive: true })
  for (const [name, text] of Object.entries(etcFiles)) {
    const path = join(dir, name)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
  }
  return dir
}

/** The folder that holds `bin/node` and `lib/node_modules/npm`, wherever this Node was installed. */
export const nodePrefix = (): string => dirname(dirname(realpathSync(process.execPath)))

/** PATH inside the sandbox: this process's own Node first. */
export const sandboxPath = (): string => `${nodePrefix()}/bin:/usr/local/bin:/usr/bin:/bin`

/** Nothing of the server's environment, for a program of the host that starts what is not ours. */
const hostEnv = (): NodeJS.ProcessEnv => ({ PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'production' })

let help: string | undefined

/** True where the installed bubblewrap knows an option; older ones lack some that only harden. */
function knows(option: string): boolean {
  help ??= spawnSync('bwrap', ['--help'], { encoding: 'utf8', env: hostEnv() }).stdout ?? ''
  return help.includes(`--${option} `)
}

function systemArgs(): string[] {
  const args = ['--ro-bind', '/usr', '/usr']
  for (const name of systemFolders) {
    const stat = lstatSync(`/${name}`, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink()) args.push('--symlink', `usr/${name}`, `/${name}`)
    else if (stat) args.push('--ro-bind', `/${name}`, `/${name}`)
  }
  for (const path of systemFiles) args.push('--ro-bind-try', path, path)
  const prefix = nodePrefix()
  if (prefix !== '/' && prefix !== '/usr' && !prefix.startsWith('/usr/')) args.push('--ro-bind', prefix, prefix)
  return args
}

function scratch(path: string, sizeMb: number): string[] {
  return [...(knows('size') ? ['--size', String(sizeMb * megabyte)] : []), '--tmpfs', path]
}

/** Covers a path inside with an empty folder or /dev/null, whichever fits what the host has there. */
function hide(path: string, profile: SandboxProfile): string[] {
  const mounts = [...(profile.mounts ?? []), ...(profile.workspace ? [{ from: profile.workspace.path, to: '/workspace' }] : [])]
  const mount = mounts.filter(({ to }) => path === to || path.startsWith(`${to}/`)).sort((a, b) => b.to.length - a.to.length)[0]
  const stat = mount && lstatSync(mount.from + path.slice(mount.to.length), { throwIfNoEntry: false })
  if (stat?.isDirectory()) return ['--tmpfs', path, '--remount-ro', path]
  return stat?.isFile() ? ['--ro-bind', '/dev/null', path] : []
}

/** The command below `prlimit`, which sets hard limits from the inside, where nothing may raise them again. */
function limited(command: readonly string[], limits: SandboxLimits): string[] {
  const { memoryMb, processes, fileMb, openFiles } = limits
  const sizes = [
    `--data=${(memoryMb + stackRoomMb) * megabyte}`,
    `--fsize=${fileMb * megabyte}`,
    `--nproc=${processes}`,
    `--nofile=${openFiles}`,
  ]
  return ['prlimit', ...sizes, '--core=0', '--', ...command]
}

/**
 * The options and the command of bubblewrap for a profile. No network but an own loopback, no capabilities, no further
 * user namespaces, a fresh process table, and nothing writable but what the profile says and bounded scratch space.
 * The options hold the environment: hand them over with `spawnSandbox`, not on a command line.
 */
export function bwrapArgs(profile: SandboxProfile): { options: string[]; command: string[] } {
  const limits = { ...defaultLimits, ...profile.limits }
  const { workspace } = profile
  const options = ['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL', '--new-session']
  if (profile.dieWithParent ?? true) options.push('--die-with-parent')
  if (knows('disable-userns')) options.push('--disable-userns')
  options.push('--hostname', 'maestro', '--clearenv', ...systemArgs())
  for (const name of Object.keys(etcFiles)) options.push('--ro-bind', join(profile.etcDir, name), `/etc/${name}`)
  options.push('--proc', '/proc', '--dev', '/dev', ...scratch('/dev/shm', 64), ...scratch('/tmp', limits.tmpMb))
  if (workspace) options.push(workspace.readOnly ? '--ro-bind' : '--bind', workspace.path, '/workspace')
  for (const path of profile.scratch ?? []) options.push(...scratch(path, limits.tmpMb))
  for (const { from, to, writable } of profile.mounts ?? []) options.push(writable ? '--bind' : '--ro-bind', from, to)
  for (const path of profile.hidden ?? []) options.push(...hide(path, profile))
  // The root and /dev are memory, and /proc has switches of the host that its root user may turn.
  options.push('--remount-ro', '/proc', '--remount-ro', '/dev', '--remount-ro', '/')
  options.push('--chdir', profile.cwd ?? (workspace ? '/workspace' : '/'))
  const env = { PATH: sandboxPath(), HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', ...profile.env }
  for (const [name, value] of Object.entries(env)) options.push('--setenv', name, value)
  return { options, command: limited(profile.command, limits) }
}

type Stdio = 'ignore' | 'pipe' | number

function hand(child: ChildProcess, descriptor: number, content: string | Buffer): void {
  const channel = (child.stdio as (Writable | null)[])[descriptor]
  // A bubblewrap that refuses to start closes the pipe; its exit tells why.
  channel?.on('error', () => undefined)
  channel?.end(content)
}

/**
 * Starts a profile. File descriptor 3 carries the options, 4 the filter for system calls; `stdio` names the first three. Bubblewrap's own environment
 * holds `marker` and nothing of the server's, since what runs inside may read it. Ending the returned process with SIGKILL
 * ends all that runs inside.
 */
export function spawnSandbox(
  profile: SandboxProfile,
  { stdio, marker = {}, detached = false }: { stdio: [Stdio, Stdio, Stdio]; marker?: Record<string, string>; detached?: boolean },
): ChildProcess {
  const { options, command } = bwrapArgs(profile)
  // The kernel exempts the host's root from its limit on processes; a control group takes its place.
  const group = openProcessGroup(profile.limits?.processes ?? defaultLimits.processes)
  const filter = modeFilter()
  const channels = ['--args', '3', ...(filter ? ['--seccomp', '4'] : [])]
  const [program = 'bwrap', ...rest] = [...(group?.wrapper ?? []), 'bwrap', ...channels, '--', ...command]
  const settings: SpawnOptions = {
    stdio: [...stdio, 'pipe', ...(filter ? ['pipe' as const] : [])],
    env: { ...hostEnv(), ...marker },
    detached,
    cwd: '/',
  }
  const child = spawn(program, rest, settings)
  child.once('close', () => group?.close())
  hand(child, 3, `${options.join('\0')}\0`)
  if (filter) hand(child, 4, filter)
  return child
}
