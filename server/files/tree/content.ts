import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, rename, rm, unlink } from 'node:fs/promises'
import { textOf } from '../rules.ts'
import { fileLimits } from '../schema.ts'
import { changedMeanwhile, exists, isLink, noFile, tooLarge } from './refusals.ts'
import { removeFolder } from './remove.ts'
import type { Folder } from './types.ts'
import { inFolderOf, openFile } from './walk.ts'

/** A file's content as far as it is looked at: `bytes` is null where it is larger than what is read. */
export interface Content {
  bytes: Buffer | null
  size: number
  hash: string
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function bounded(handle: FileHandle, most: number): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafe(most + 1)
  let at = 0
  while (at < buffer.length) {
    const { bytesRead } = await handle.read(buffer, at, buffer.length - at, at)
    if (bytesRead === 0) return Buffer.from(buffer.subarray(0, at))
    at += bytesRead
  }
  return null
}

/** Reads a file in an open folder up to so many bytes; of what is larger, the hash says when and how it was last changed. */
export async function readIn(folder: Folder, name: string, most: number = fileLimits.textBytes): Promise<Content> {
  const { handle, stat } = await openFile(folder, name)
  try {
    const bytes = stat.size > most ? null : await bounded(handle, most)
    if (bytes) return { bytes, size: bytes.length, hash: hashOf(bytes) }
    return { bytes: null, size: stat.size, hash: `large-${stat.size}-${stat.mtimeMs}-${stat.ino}` }
  } finally {
    await handle.close()
  }
}

/** Reads a file below a root. @throws AppError as `inFolderOf` and `openFile` */
export const readAt = (root: string, path: string, most?: number): Promise<Content> =>
  inFolderOf(root, path, (folder, name) => readIn(folder, name, most))

/** Reads a file as text. @throws AppError also TOO_LARGE, and BAD_REQUEST for what is no text */
export async function readText(root: string, path: string): Promise<{ text: string; hash: string }> {
  const { bytes, hash } = await readAt(root, path)
  if (!bytes) throw tooLarge()
  const text = textOf(bytes)
  if (text === null) throw noFile()
  return { text, hash }
}

/** What a writer expects to find: a hash, nothing (null), or whatever there is. */
export type Expected = { hash: string | null } | 'anything'

interface WriteRules {
  expected: Expected
  /** Throws where there is no room for so many more bytes, or for one more file. */
  room?: (grown: number, another: boolean) => Promise<void>
}

async function contentThere(folder: Folder, name: string): Promise<{ hash: string; size: number; mode: number } | null> {
  const stat = await lstat(folder.at(name)).catch(() => null)
  if (!stat) return null
  if (stat.isSymbolicLink()) throw isLink()
  if (!stat.isFile()) throw noFile()
  const { hash, size } = await readIn(folder, name)
  return { hash, size, mode: stat.mode & 0o777 }
}

/** How a write went: the hash of what was there before (null: nothing), and by how many bytes the file grew. */
export interface Written {
  before: string | null
  hash: string
  grown: number
}

/**
 * Writes a file whole or not at all: into a new one beside it that then takes its place. Folders are made as needed.
 * @throws AppError CONFLICT where the file is not what the writer expects; as `inFolderOf`
 */
export function writeAt(root: string, path: string, bytes: Buffer, { expected, room }: WriteRules): Promise<Written> {
  const write = async (folder: Folder, name: string): Promise<Written> => {
    const there = await contentThere(folder, name)
    if (expected !== 'anything' && (there?.hash ?? null) !== expected.hash) throw expected.hash === null ? exists() : changedMeanwhile()
    await room?.(bytes.length - (there?.size ?? 0), there === null)
    const temporary = folder.at(`.${randomUUID()}.tmp`)
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
      const handle = await open(temporary, flags, there?.mode ?? 0o644)
      await handle.writeFile(bytes).finally(() => handle.close())
      await rename(temporary, folder.at(name))
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    return { before: there?.hash ?? null, hash: hashOf(bytes), grown: bytes.length - (there?.size ?? 0) }
  }
  return inFolderOf(root, path, write, { make: true })
}

/** Removes one file or link, or a folder with all that lies in it. @throws AppError NOT_FOUND, as `inFolderOf` */
export function removeAt(root: string, path: string): Promise<void> {
  return inFolderOf(root, path, async (folder, name) => {
    const stat = await lstat(folder.at(name))
    if (stat.isDirectory()) await removeFolder(folder, name)
    else await unlink(folder.at(name))
  })
}

/** Gives a file or folder another path where there is nothing yet. @throws AppError NOT_FOUND, CONFLICT, as `inFolderOf` */
export function moveAt(root: string, from: string, to: string): Promise<void> {
  const move = (source: Folder, name: string) =>
    inFolderOf(
      root,
      to,
      async (target, newName) => {
        await lstat(source.at(name))
        if (await lstat(target.at(newName)).catch(() => null)) throw exists()
        if (to.startsWith(`${from}/`)) throw noFile()
        await rename(source.at(name), target.at(newName))
      },
      { make: true },
    )
  return inFolderOf(root, from, move)
}
