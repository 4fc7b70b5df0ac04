import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** The kernel refuses longer socket paths (108 bytes on Linux, 104 on macOS, the closing zero included). */
const maxSocketPathBytes = 100

/** A short stable name for a directory, for places that cannot lie inside it. */
export const directoryHash = (directory: string): string => createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12)

/**
 * Where a Unix socket of a data directory lies: in its `run/` folder, or, where that path would be too long, in a
 * directory of the same owner below the system's temporary one. The folder exists afterwards, for its owner alone.
 * @throws Error where the short directory belongs to somebody else
 */
export function socketPath(dataDir: string, name: string): string {
  const inside = join(resolve(dataDir), 'run')
  const short = Buffer.byteLength(join(inside, name)) > maxSocketPathBytes
  const folder = short ? join(tmpdir(), `maestro-${directoryHash(dataDir)}`) : inside
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== userInfo().uid) throw new Error(`The directory ${folder} belongs to somebody else.`)
  chmodSync(folder, 0o700)
  return join(folder, name)
}

let root: string | undefined

/** The checkout's own folder, which holds `package.json`, `prisma/` and `.next/`; the same from sources and from `dist/`. */
export function projectRoot(): string {
  root ??= findRoot(import.meta.dirname ?? process.cwd())
  return root
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'prisma', 'schema'))) return folder
    if (folder === dirname(folder)) return process.cwd()
  }
}

const sharedRoot = '/var/lib/maestro'
const workFolders = new Map<string, string>()

/** Whether users other than the owner may pass through every folder down to this one. */
function openToOthers(directory: string): boolean {
  const up = dirname(directory)
  return (statSync(directory).mode & 0o001) !== 0 && (up === directory || openToOthers(up))
}

/**
 * A folder in which programs work that are not ours: `name` in the data directory. Root hands such programs to a user without
 * rights, so where others cannot enter root's data directory it lies in /var/lib/maestro. The folder exists afterwards; others may
 * pass through it, but not read what is there.
 */
export function workFolder(dataDir: string, name: string): string {
  const known = workFolders.get(`${dataDir}\0${name}`)
  if (known && existsSync(known)) return known
  mkdirSync(dataDir, { recursive: true })
  const inside = userInfo().uid !== 0 || openToOthers(realpathSync(dataDir))
  const folder = inside ? join(resolve(dataDir), name) : join(sharedRoot, directoryHash(dataDir), name)
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  workFolders.set(`${dataDir}\0${name}`, folder)
  return folder
}
