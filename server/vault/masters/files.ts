import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { keyBytes, parseMasterKeys } from '../rules.ts'
import type { RingStore } from './types.ts'

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
const linesOf = (keys: readonly Uint8Array[]) => keys.map((key) => `${Buffer.from(key).toString('hex')}\n`).join('')

/**
 * The keys of a file, one a line; null where there is no such file.
 * @throws Error in one sentence where it is open to others or holds no keys
 */
async function readKeys(path: string): Promise<Buffer[] | null> {
  try {
    const { mode } = await stat(path)
    if (mode & 0o077) throw new Error(`The master key ${path} can be read by others. Set its mode to 0600 and start again.`)
    return parseMasterKeys(await readFile(path, 'utf8'), '\n')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    if (codeOf(error) === 'EACCES') throw new Error(`The master key ${path} cannot be read: permission is denied.`)
    throw error
  }
}

/** Writes beside the file, for its owner alone, and lets `place` put that in its place: a reader sees the old keys or the new ones. */
async function write(path: string, keys: readonly Uint8Array[], place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(linesOf(keys))
    await file.sync()
    await place(draft)
  } finally {
    await file.close()
    await unlink(draft).catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
  }
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
}

/** A file of keys, one a line, the current one first. It is read again each time it is asked. */
export function keyFile(path: string, source: 'file' | 'made'): RingStore {
  return {
    source,
    path,
    async read() {
      const keys = await readKeys(path)
      if (!keys) throw new Error(`The master key ${path} is not there.`)
      return keys
    },
    write: (keys) => write(path, keys, (draft) => rename(draft, path)),
  }
}

/** Whether the file is there. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/**
 * The data directory's own file, made where it is not there. It appears whole or not at all, and several processes that start at once
 * end with the same key.
 * @throws Error in one sentence where it is unusable or open to others
 */
export async function madeKeyFile(path: string): Promise<RingStore> {
  const store = keyFile(path, 'made')
  if (await readKeys(path)) return store
  await mkdir(dirname(path), { recursive: true })
  // A hard link is made only where the name is free: the first starter wins, the others read its key.
  const claim = (draft: string) =>
    link(draft, path).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  await write(path, [randomBytes(keyBytes)], claim)
  await store.read()
  return store
}
