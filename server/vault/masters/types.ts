import { hkdfSync } from 'node:crypto'
import { AppError, type ErrorCode } from '@/server/core/errors.ts'
import type { MasterKeys } from '@/server/core/master-keys.ts'

/** A way of keeping the master key. One file each; `openMasterKeys` picks by the environment. */
export type { MasterKeys }

/** Where a ring of local master keys is kept: the newest first. */
export interface RingStore {
  source: 'environment' | 'file' | 'made'
  path: string | null
  /** The keys as they are stored now, in memory that the reader may overwrite. */
  read(): Promise<Buffer[]>
  /** Stores them whole or not at all; null where this store is not ours to write (the environment). */
  write: ((keys: readonly Uint8Array[]) => Promise<void>) | null
}

/** The public name of a master key: derived from it, so that it is the same on every node and tells nothing of the key. */
export function masterIdOf(key: Uint8Array): string {
  const hex = Buffer.from(hkdfSync('sha256', key, '', 'maestro/master/id', 16)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const said = {
  masterKeyOther: ['UNAVAILABLE', 'The master key that wrapped this key is not here.'],
  masterKeyMissing: ['UNAVAILABLE', 'There is no master key.'],
  keyDamaged: ['CONFLICT', 'The wrapped key itself was altered: restore it from a backup of the keys.'],
  masterKeyFixed: [
    'CONFLICT',
    'The master key comes from the environment: put a new one first there, keep the old one behind it, and start again.',
  ],
  masterKeyInFile: [
    'CONFLICT',
    'The master key comes from a file of yours: put a new one on its first line, keep the old one below, and ask again.',
  ],
  vaultSealed: ['UNAVAILABLE', 'Vault is sealed: unseal it.'],
  vaultDenied: ['UNAVAILABLE', 'Vault refused: the token has expired, or its policy does not allow this.'],
  vaultKeyMissing: ['UNAVAILABLE', 'Vault has no such transit engine or key: look at VAULT_TRANSIT_MOUNT and VAULT_TRANSIT_KEY.'],
  vaultVersionGone: ['UNAVAILABLE', 'Vault no longer opens with this version of its key: lower its min_decryption_version.'],
  vaultUnreachable: ['UNAVAILABLE', 'Vault does not answer.'],
  vaultRefused: ['UNAVAILABLE', 'Vault did not accept the request.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>

/** Why a master key did not do what was asked. */
export const masterRefusal = (key: keyof typeof said, cause?: unknown): AppError =>
  new AppError(said[key][0], said[key][1], undefined, { key, cause })
