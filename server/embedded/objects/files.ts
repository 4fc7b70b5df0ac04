import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ObjectStore } from '@/server/core/objects.ts'

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/

/**
 * An object store of plain files below `directory`. Whoever reads a key gets one whole version of it, also after a power cut.
 * Keys are segments of letters, digits, dots, hyphens and underscores, joined by slashes; none begins with a dot.
 */
export function fileObjectStore(directory: string): ObjectStore {
  const pathOf = (key: string) => {
    const segments = key.split('/')
    if (segments.length > 8 || !segments.every((part) => segment.test(part))) throw new Error('this is not the key of an object')
    return join(directory, ...segments)
  }
  return {
    async put(key, bytes) {
      const path = pathOf(key)
      const folder = dirname(path)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // A dot begins no key, so a half-written file is nobody's object.
      const partial = join(folder, `.${randomUUID()}`)
      try {
        const file = await open(partial, 'wx', 0o600)
        await file.writeFile(bytes)
        await file.sync().finally(() => file.close())
        await rename(partial, path)
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
      const parent = await open(folder, 'r')
      await parent.sync().finally(() => parent.close())
    },
    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async delete(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}
