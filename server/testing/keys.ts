import { randomBytes } from 'node:crypto'
import type { Registry } from '@/server/core/registry.ts'
import { fixedRing, localMasterKeys } from '@/server/vault/masters/local.ts'

/** A vault's keys for a test: `key` is the master key, a fresh one by default. */
export function testKeys(key: Buffer = randomBytes(32)): Pick<Registry, 'masterKeys' | 'platformSecret'> {
  return { masterKeys: localMasterKeys(fixedRing([key])), platformSecret: key }
}
