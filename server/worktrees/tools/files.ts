import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDenied, partition } from '@/server/ai/service.ts'
import { type Allowance, refusePath } from '../rules.ts'
import { type TreeFile, treeLimits } from '../schema.ts'

/** A refusal in words that go back to the role as the tool's answer. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal'
}

/** What a role's tools may do. Without it the platform itself is at work, which lays out and keeps any file. */
export interface Reach {
  /** Where it may write; anywhere without it. */
  writes?: Allowance
  /** The project's own patterns of paths that no model gets to see. */
  denyPaths: readonly string[]
}

/** Refuses a path any part of which is a link: a tree holds plain files and folders alone. */
async function plainPath(root: string, path: string, allowed?: Allowance, reach?: Reach): Promise<string> {
  const refused = refusePath(path, allowed)
  if (refused) throw new ToolRefusal(`${JSON.stringify(path)}: ${refused}.`)
  if (reach && isDenied(path, reach.denyPaths)) {
    throw new ToolRefusal(`${JSON.stringify(path)}: this path is on the deny-list of the project, no role reads or writes it.`)
  }
  let here = root
  for (const part of path.split('/')) {
    here = join(here, part)
    const stat = await lstat(here).catch(() => null)
    if (!stat) break
    if (!stat.isDirectory() && !stat.isFile()) throw new ToolRefusal(`${JSON.stringify(path)}: links are not followed.`)
  }
  return join(root, path)
}

/** The paths of all plain files below a tree, sorted; never of links, the Git directory or dependencies. */
export async function listTreeFiles(root: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string) => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (refusePath(path)) continue
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push(path)
    }
  }
  await walk('')
  return found.sort()
}

/** The paths that a role may know of, and those that are kept from it. */
export async function listVisibleFiles(root: string, { denyPaths }: Reach): Promise<{ shown: string[]; withheld: string[] }> {
  const { shown, withheld } = partition(
    (await listTreeFiles(root)).map((path) => ({ path })),
    denyPaths,
  )
  return { shown: shown.map(({ path }) => path), withheld }
}

/**
 * Reads one file of a tree as text.
 * @throws ToolRefusal where the path is refused, the file missing, or larger than 256 KB
 */
export async function readTreeFile(root: string, path: string, reach?: Reach): Promise<string> {
  const full = await plainPath(root, path, undefined, reach)
  const handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
  if (!handle) throw new ToolRefusal(`${JSON.stringify(path)}: there is no such file.`)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new ToolRefusal(`${JSON.stringify(path)}: this is no file.`)
    if (stat.size > treeLimits.fileBytes)
      throw new ToolRefusal(`${JSON.stringify(path)}: the file is larger than ${treeLimits.fileBytes / 1024} KB.`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/**
 * Writes one file of a tree, whole or not at all; folders are made as needed.
 * @throws ToolRefusal where the path is refused, the content too large, or the tree full
 */
export async function writeTreeFile(root: string, file: TreeFile, reach?: Reach): Promise<void> {
  const full = await plainPath(root, file.path, reach?.writes, reach)
  if (Buffer.byteLength(file.content) > treeLimits.fileBytes)
    throw new ToolRefusal(`${JSON.stringify(file.path)}: a file has at most ${treeLimits.fileBytes / 1024} KB.`)
  const files = await listTreeFiles(root)
  if (files.length >= treeLimits.files && !files.includes(file.path)) throw new ToolRefusal(`a tree has at most ${treeLimits.files} files.`)
  const temporary = join(root, `.${randomUUID()}.tmp`)
  try {
    await mkdir(dirname(full), { recursive: true })
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    await handle.writeFile(file.content).finally(() => handle.close())
    await rename(temporary, full)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new ToolRefusal(`${JSON.stringify(file.path)}: it cannot be written there.`, { cause: error })
  }
}

/**
 * Removes one file of a tree; one that is not there is removed already.
 * @throws ToolRefusal where the path is refused
 */
export async function deleteTreeFile(root: string, path: string, reach?: Reach): Promise<void> {
  const full = await plainPath(root, path, reach?.writes, reach)
  const stat = await lstat(full).catch(() => null)
  if (stat && !stat.isFile()) throw new ToolRefusal(`${JSON.stringify(path)}: this is no file.`)
  await rm(full, { force: true })
}
