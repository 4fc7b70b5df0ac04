import { createSecretKey, type KeyObject } from 'node:crypto'
import { AppError, type ErrorCode, isAppError } from '@/server/core/errors.ts'
import { keysTopic } from '@/server/core/hub.ts'
import { registered, registry } from '@/server/core/registry.ts'
import { type KeyScope, type WrappedRow, wrappedRow } from '../data.ts'
import { SealRefusal } from '../rules.ts'

/**
 * A key that can be used. Node keeps it outside its heap and overwrites that memory once nothing refers to it any more: a cache that drops
 * a key need not, and must not, overwrite what a seal that is under way still uses.
 */
export interface OpenedKey {
  id: string
  key: KeyObject
}

export const now = () => new Date(registry('clock').now())

/** What a wrapped key is bound to, so that it opens in its own row alone. */
export const bindingOf = ({ kind, id, projectId }: Pick<WrappedRow, 'kind' | 'id' | 'projectId'>): string[] =>
  kind === 'secret' ? ['platform-secret', id] : ['data-key', projectId ?? 'platform', id]

/** What is sealed is bound to whose it is and to its place. */
export const sealBinding = (scope: KeyScope, context: string): string[] => [scope ?? 'platform', context]

/**
 * Unwraps a row. Where the master key is not here, the row may have been wrapped anew and that key forgotten since it was read.
 * @throws AppError
 */
export async function unwrapRow(row: WrappedRow): Promise<Buffer> {
  try {
    return await registry('masterKeys').unwrap(row, bindingOf(row))
  } catch (error) {
    const again = await wrappedRow(row)
    if (!again) throw row.kind === 'key' ? refusal('keyDestroyed') : error
    if (Buffer.from(again.wrapped).equals(row.wrapped)) throw error
    return registry('masterKeys').unwrap(again, bindingOf(again))
  }
}

const away = ['vaultSealed', 'vaultDenied', 'vaultKeyMissing', 'vaultUnreachable', 'masterKeyMissing']

/** Whether no key at all can be unwrapped just now: what a look at many rows should end with, row by row it would take for ever. */
export const mastersAreAway = (error: unknown): boolean => isAppError(error) && away.includes(error.key ?? '')

/** The same as a key that can be used; the bytes it came in are overwritten. */
export async function openRow(row: WrappedRow): Promise<OpenedKey> {
  const bytes = await unwrapRow(row)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { id: row.id, key }
}

/** Tells every process that opened keys of a ring are to be forgotten. */
export function tellOfRing(scope: string | null): void {
  registered('hub')?.publish(keysTopic(scope), { kind: 'keys' })
}

const said = {
  keyDestroyed: ['NOT_FOUND', 'The key that sealed this was destroyed: it cannot be read any more.'],
  keyUnknown: ['NOT_FOUND', 'The key that sealed this is not in this key ring.'],
  sealAltered: ['CONFLICT', 'This could not be opened: it was altered, or it belongs to another place.'],
  notSealed: ['BAD_REQUEST', 'This was not sealed by this vault, or by a newer version of it.'],
  noProjectForKey: ['NOT_FOUND', 'There is no such project.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>

/** Why something does not open. */
export const refusal = (key: keyof typeof said, cause?: unknown): AppError =>
  new AppError(said[key][0], said[key][1], undefined, { key, cause })

/** What is said of a refused ciphertext; any other error stays as it is. */
export function toldRefusal(error: unknown): unknown {
  if (!(error instanceof SealRefusal)) return error
  return refusal(error.reason === 'altered' ? 'sealAltered' : 'notSealed')
}
