import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { keyBytes, openWith, sealWith } from '../rules.ts'
import { type MasterKeys, masterIdOf, masterRefusal, type RingStore } from './types.ts'

type Known = ReadonlyMap<string, KeyObject>

const erase = (keys: readonly Buffer[]) => {
  for (const key of keys) key.fill(0)
}

/** The ring as it is stored now. Node keeps the keys outside its heap and clears that memory; the copies they came in are cleared here. */
async function load(store: RingStore): Promise<Known> {
  const keys = await store.read()
  const known = new Map(keys.map((key) => [masterIdOf(key), createSecretKey(key)]))
  erase(keys)
  if (known.size === 0) throw masterRefusal('masterKeyMissing')
  return known
}

function openWithAny(keys: readonly KeyObject[], binding: readonly string[], wrapped: Uint8Array): Buffer {
  let last: unknown
  for (const key of keys) {
    try {
      return openWith(key, binding, wrapped)
    } catch (error) {
      last = error
    }
  }
  throw masterRefusal('masterKeyOther', last)
}

function openWithOne(key: KeyObject, binding: readonly string[], wrapped: Uint8Array): Buffer {
  try {
    return openWith(key, binding, wrapped)
  } catch (error) {
    // The id is derived from the key, so this is the right one.
    throw masterRefusal('keyDamaged', error)
  }
}

/**
 * Keys that are not in the ring yet go in front of it or behind it.
 * @throws AppError CONFLICT where the ring is not ours to write
 */
async function add(store: RingStore, keys: readonly Uint8Array[], where: 'before' | 'behind'): Promise<number> {
  const stored = await store.read()
  const here = new Set(stored.map(masterIdOf))
  const fresh = keys.filter((key) => !here.has(masterIdOf(key)))
  if (fresh.length > 0) {
    if (!store.write) throw masterRefusal('masterKeyFixed')
    await store.write(where === 'before' ? [...fresh, ...stored] : [...stored, ...fresh])
  }
  erase(stored)
  return fresh.length
}

/** Master keys that this installation keeps itself. The store is read again for whatever is wrapped, and where a key is not known yet. */
export function localMasterKeys(store: RingStore): MasterKeys {
  let known: Known | undefined
  const reload = async () => {
    known = await load(store)
    return known
  }
  const newest = async () => [...(await reload())][0] as [string, KeyObject]
  return {
    kind: 'local',
    source: store.source,
    path: store.path,
    current: async () => (await newest())[0],
    ids: async () => [...(await reload()).keys()],
    async wrap(key, binding) {
      const [masterId, master] = await newest()
      return { masterId, wrapped: sealWith(master, masterId, binding, key) }
    },
    async unwrap({ masterId, wrapped }, binding) {
      const here = known ?? (await reload())
      if (masterId === null) return openWithAny([...here.values()], binding, wrapped)
      const key = here.get(masterId) ?? (await reload()).get(masterId)
      if (!key) throw masterRefusal('masterKeyOther')
      return openWithOne(key, binding, wrapped)
    },
    async rotate() {
      // A file of the operator's may stand on several machines: one of them must not change it alone.
      if (!store.write || store.source !== 'made') throw masterRefusal(store.source === 'file' ? 'masterKeyInFile' : 'masterKeyFixed')
      const fresh = randomBytes(keyBytes)
      const stored = await store.read()
      const id = masterIdOf(fresh)
      await store.write([fresh, ...stored])
      erase([fresh, ...stored])
      await reload()
      return id
    },
    async forgetAllBut(ids) {
      if (!store.write || store.source !== 'made') return
      const stored = await store.read()
      const kept = stored.filter((key, at) => at === 0 || ids.includes(masterIdOf(key)))
      if (kept.length < stored.length) await store.write(kept)
      erase(stored)
      await reload()
    },
    keepAlive: async () => void (await reload()),
    own: { keys: () => store.read(), add: (keys, where) => add(store, keys, where) },
  }
}

/** A ring in memory, for keys that the environment gives. */
export const fixedRing = (keys: readonly Uint8Array[]): RingStore => ({
  source: 'environment',
  path: null,
  read: async () => keys.map((key) => Buffer.from(key)),
  write: null,
})
