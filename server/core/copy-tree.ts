import type { Dirent } from 'node:fs'
import { constants, copyFile, type FileHandle, mkdir, open, readdir, readlink, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** No program of good will nests deeper; each level holds a descriptor open. */
const deepest = 64
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants

/** What a path by an open descriptor is; elsewhere than on Linux nothing runs that is not ours, so there the path itself will do. */
const byDescriptor = (handle: FileHandle, path: string) => (process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path)

/** Opens what lies there and is no link, or null where it went or became something else meanwhile. */
async function openPlain(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | flags)
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

async function copyPlainFile(from: string, to: string): Promise<void> {
  const file = await openPlain(from, 0)
  if (!file) return
  try {
    const stat = await file.stat()
    if (!stat.isFile()) return
    await copyFile(byDescriptor(file, from), to, constants.COPYFILE_EXCL)
    await utimes(to, stat.atime, stat.mtime)
  } finally {
    await file.close()
  }
}

async function copyEntry(entry: Dirent, from: string, to: string, depth: number): Promise<void> {
  if (entry.isDirectory()) return copyFolder(from, to, depth)
  if (entry.isFile()) return copyPlainFile(from, to)
  if (!entry.isSymbolicLink()) return
  const target = await readlink(from).catch(() => null)
  if (target !== null) await symlink(target, to)
}

async function copyFolder(from: string, to: string, depth: number): Promise<void> {
  if (depth > deepest) throw new Error(`folders lie more than ${deepest} deep in each other`)
  const folder = await openPlain(from, O_DIRECTORY)
  if (!folder) return
  try {
    const here = byDescriptor(folder, from)
    await mkdir(to, { mode: (await folder.stat()).mode & 0o777 })
    for (const entry of await readdir(here, { withFileTypes: true })) {
      await copyEntry(entry, join(here, entry.name), join(to, entry.name), depth + 1)
    }
  } finally {
    await folder.close()
  }
}

/**
 * Copies a folder that other people's code may be changing at this moment. Every step goes from an open folder to what lies in it, so
 * nothing outside is ever read, however fast a file becomes a link. Links stay links; sockets and pipes are left out, and so is what
 * went meanwhile.
 * @throws Error where folders lie too deep in each other, or the copy cannot be written
 */
export const copyTree = (from: string, to: string): Promise<void> => copyFolder(from, to, 0)
