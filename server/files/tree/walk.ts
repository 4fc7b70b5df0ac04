import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isLink, missing, noFile, told } from './refusals.ts'
import type { Folder, Found } from './types.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
/** Each level holds a descriptor open; nothing of good will nests deeper. */
const deepest = 64

/** Elsewhere than on Linux nothing runs that is not ours, so there the path itself will do. */
function folderOf(handle: FileHandle, path: string): Folder {
  const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path
  return { handle, at: (name) => join(base, name) }
}

/** Opens a folder that is no link. */
export async function openFolder(path: string): Promise<Folder> {
  return folderOf(await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path)
}

/** Why a part of a path is no folder: a link is told apart from a file. */
async function faultAt(path: string, error: unknown): Promise<unknown> {
  const stat = await lstat(path).catch(() => null)
  if (!stat) return missing()
  return stat.isSymbolicLink() ? isLink() : stat.isDirectory() ? told(error) : noFile()
}

async function step(from: Folder, name: string, make: boolean): Promise<Folder> {
  const path = from.at(name)
  if (make) {
    await mkdir(path, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw told(error)
    })
  }
  return openFolder(path).catch(async (error) => {
    throw await faultAt(path, error)
  })
}

/**
 * Opens the folder that a path's last name lies in, one part after the other and each from the open one before, so that no link on
 * the way is ever followed, however fast it is set. `make` makes the folders that are missing.
 * @throws AppError NOT_FOUND, FORBIDDEN (a link), BAD_REQUEST (a file where a folder should be)
 */
export async function inFolderOf<T>(
  root: string,
  path: string,
  use: (folder: Folder, name: string) => Promise<T>,
  { make = false } = {},
): Promise<T> {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  let folder = await openFolder(root)
  try {
    for (const part of parts) {
      const next = await step(folder, part, make)
      await folder.handle.close()
      folder = next
    }
    return await use(folder, name)
  } catch (error) {
    throw told(error)
  } finally {
    await folder.handle.close().catch(() => undefined)
  }
}

/** Opens a plain file for reading; never a link, a pipe or a device. @throws AppError NOT_FOUND, FORBIDDEN, BAD_REQUEST */
export async function openFile(folder: Folder, name: string): Promise<{ handle: FileHandle; stat: Stats }> {
  // Without waiting: a pipe would keep whoever opens it until somebody writes.
  const handle = await open(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error) => {
    throw told(error)
  })
  const stat = await handle.stat()
  if (stat.isFile()) return { handle, stat }
  await handle.close()
  throw noFile()
}

const kindOf = (stat: Stats): Found['kind'] =>
  stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other'

interface Walk {
  visit: Visit
  unseen: () => void
}

/** Whether a folder is still there. */
const isThere = async (path: string) => (await lstat(path).catch(() => null))?.isDirectory() === true

async function walk(folder: Folder, prefix: string, how: Walk, depth: number): Promise<boolean> {
  const names = (await readdir(folder.at('.')).catch(() => [])).sort()
  for (const name of names) {
    const stat = await lstat(folder.at(name)).catch(() => null)
    if (!stat) continue
    const found: Found = { path: prefix + name, name, kind: kindOf(stat), stat, folder }
    const answer = await how.visit(found)
    if (answer === 'end') return false
    if (found.kind !== 'folder' || answer === 'pass') continue
    const below = depth < deepest ? await openFolder(folder.at(name)).catch(() => null) : null
    if (!below) {
      if (await isThere(folder.at(name))) how.unseen()
      continue
    }
    try {
      if (!(await walk(below, `${found.path}/`, how, depth + 1))) return false
    } finally {
      await below.handle.close()
    }
  }
  return true
}

/** What is to be done after one thing was met: go on, leave out what lies in it, or stop. */
export type Visit = (found: Found) => Promise<undefined | 'pass' | 'end'> | undefined | 'pass' | 'end'

/**
 * Meets everything below a folder, names in order and each folder before what lies in it. What goes meanwhile is left out.
 * @param unseen hears of each folder that lies too deep, or that nobody may look into
 */
export async function walkTree(root: string, visit: Visit, unseen: () => void = () => undefined): Promise<void> {
  const folder = await openFolder(root)
  try {
    await walk(folder, '', { visit, unseen }, 0)
  } finally {
    await folder.handle.close()
  }
}
