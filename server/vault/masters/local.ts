import { hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '@/server/core/errors.ts'
import { keyBytes, openWith, sealWith } from '../rules.ts'
import type { MasterKeys, RingStore } from './types.ts'

/** The public name of a master key: derived from it, so that it is the same on every node and tells nothing of the key. */
export function masterIdOf(key: Uint8Array): string {
  const hex = Buffer.from(hkdfSync('sha256', key, '', 'maestro/master/id', 16)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const foreign = (cause?: unknown) =>
  new AppError('UNAVAILABLE', "The master key is not the one that wrapped this project's key.", undefined, { cause })

/** Master keys that this installation keeps itself. The store is read again when a key is asked for that is not known yet. */
export function localMasterKeys(store: RingStore): MasterKeys {
  let known = new Map<string, Buffer>()
  const load = async () => {
    known = new Map((await store.read()).map((key) => [masterIdOf(key), key]))
    return known
  }
  const newest = async (): Promise<[string, Buffer]> => {
    const [first] = known.size > 0 ? known : await load()
    if (!first) throw new AppError('UNAVAILABLE', 'There is no master key.')
    return first
  }
  async function candidates(masterId: string | null): Promise<Buffer[]> {
    await newest()
    if (masterId === null) return [...known.values()]
    const key = known.get(masterId) ?? (await load()).get(masterId)
    return key ? [key] : []
  }
  return {
    kind: 'local',
    current: async () => (await newest())[0],
    async wrap(key, binding) {
      const [masterId, master] = await newest()
      return { masterId, wrapped: sealWith(master, masterId, binding, key) }
    },
    async unwrap({ masterId, wrapped }, binding) {
      let last: unknown
      for (const master of await candidates(masterId)) {
        try {
          return openWith(master, binding, wrapped)
        } catch (error) {
          last = error
        }
      }
      throw foreign(last)
    },
    async rotate() {
      if (!store.write)
        throw new AppError('CONFLICT', 'The master key comes from the environment: put the new one first there, and the old one after it.')
      const fresh = randomBytes(keyBytes)
      await store.write([fresh, ...(await store.read())])
      await load()
      return masterIdOf(fresh)
    },
    async forgetAllBut(ids) {
      if (!store.write) return
      const kept = (await store.read()).filter((key, at) => at === 0 || ids.includes(masterIdOf(key)))
      await store.write(kept)
      await load()
    },
  }
}

/** A ring in memory, for tests and for keys that the environment gives. */
export const fixedRing = (keys: readonly Buffer[]): RingStore => ({ read: async () => [...keys], write: null })
