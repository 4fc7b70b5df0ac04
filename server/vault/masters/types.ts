import type { MasterKeys } from '@/server/core/master-keys.ts'

/** A way of keeping the master key. One file each; `choose` in the service picks by the environment. */
export type { MasterKeys }

/** Where a ring of local master keys is kept: the newest first. */
export interface RingStore {
  /** The keys as they are stored now. */
  read(): Promise<Buffer[]>
  /** Stores them whole or not at all; null where this store is not ours to write (the environment). */
  write: ((keys: readonly Buffer[]) => Promise<void>) | null
}
