import { randomUUID } from 'node:crypto'
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Folder } from './types.ts'
import { openFolder } from './walk.ts'

/** Each level holds a descriptor open; what lies deeper is moved up first. */
const deepest = 24
const rounds = 10_000

/** A folder whose own permissions keep its owner out is opened first. */
async function openAnyway(path: string): Promise<Folder> {
  return openFolder(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error
    await chmod(path, 0o700)
    return openFolder(path)
  })
}

async function empty(folder: Folder, top: Folder, depth: number): Promise<void> {
  for (const name of await readdir(folder.at('.'))) {
    const stat = await lstat(folder.at(name)).catch(() => null)
    if (!stat) continue
    if (!stat.isDirectory()) await unlink(folder.at(name))
    else if (depth < deepest) await removeIn(folder, name, top, depth + 1)
    else await rename(folder.at(name), top.at(randomUUID()))
  }
}

async function removeIn(parent: Folder, name: string, top: Folder | null, depth: number): Promise<void> {
  const folder = await openAnyway(parent.at(name))
  try {
    await folder.handle.chmod(0o700)
    await empty(folder, top ?? folder, depth)
    // Below the first folder: what was moved up out of the depth.
    for (let round = 0; !top && round < rounds && (await readdir(folder.at('.'))).length > 0; round++) await empty(folder, folder, 0)
  } finally {
    await folder.handle.close()
  }
  await rmdir(parent.at(name))
}

/**
 * Removes a folder that lies in an open one, with all that is in it. Every step goes from an open folder to what lies in it, so nothing
 * outside is ever removed, however fast a folder becomes a link.
 */
export const removeFolder = (parent: Folder, name: string): Promise<void> => removeIn(parent, name, null, 0)

/** The same for a folder at a path of ours; one that is not there is removed already. */
export async function removeTree(path: string): Promise<void> {
  const parent = await openFolder(dirname(path)).catch(() => null)
  if (!parent) return
  try {
    if (await lstat(path).catch(() => null)) await removeFolder(parent, basename(path))
  } finally {
    await parent.handle.close()
  }
}
