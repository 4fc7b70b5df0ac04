import { randomBytes } from 'node:crypto'
import type { Registry } from '@/server/core/registry.ts'
import { fixedRing, localMasterKeys } from '@/server/vault/masters/local.ts'
import type { MasterKeys } from '@/server/vault/masters/types.ts'

/** A vault's keys for a test: `key` is the master key, a fresh one by default. */
export function testKeys(key: Buffer = randomBytes(32)): Pick<Registry, 'masterKeys' | 'platformSecret'> {
  return { masterKeys: localMasterKeys(fixedRing([key])), platformSecret: key }
}

/** A ring in memory that can be rotated, as the file of a data directory can; `keys` shows what it holds. */
export function rotatingKeys(keys: Buffer[] = [randomBytes(32)]): { masterKeys: MasterKeys; keys: Buffer[] } {
  const store = {
    source: 'made' as const,
    path: '/data/master.key',
    read: async () => keys.map((key) => Buffer.from(key)),
    write: async (fresh: readonly Uint8Array[]) => void keys.splice(0, keys.length, ...fresh.map((key) => Buffer.from(key))),
  }
  return { masterKeys: localMasterKeys(store), keys }
}
