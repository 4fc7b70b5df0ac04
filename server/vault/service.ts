import { isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import type { KeyScope } from './data.ts'
import * as data from './data.ts'
import { forgetRing } from './ring/cache.ts'
import { activeKey, keyById } from './ring/keys.ts'
import { rewrapEverything, rotate, rotateMaster } from './ring/rotation.ts'
import { platformSecret } from './ring/secrets.ts'
import { mastersAreAway, now, sealBinding, tellOfRing, toldRefusal, unwrapRow } from './ring/types.ts'
import { keyIdOf, openWith, sealWith } from './rules.ts'
import type { KeyCheck, KeyView, MasterState, Rewrapped } from './schema.ts'

export { exportKeys, importKeys } from './backups/backup.ts'
export { openJson, openText, sealJson, sealText, sealWords } from './columns/columns.ts'
export type { Opened, Stored } from './columns/types.ts'
export type { KeyScope } from './data.ts'
export { openMasterKeys } from './masters/choose.ts'
export { writersKeepKeyMs } from './ring/cache.ts'
export { firstKey } from './ring/keys.ts'

async function sealFor(scope: KeyScope, context: string, plain: Uint8Array): Promise<Buffer> {
  const { id, key } = await activeKey(scope)
  return sealWith(key, id, sealBinding(scope, context), plain)
}

async function openFor(scope: KeyScope, context: string, sealed: Uint8Array): Promise<Buffer> {
  try {
    const { key } = await keyById(scope, keyIdOf(sealed))
    return openWith(key, sealBinding(scope, context), sealed)
  } catch (error) {
    throw toldRefusal(error)
  }
}

/**
 * Seals bytes with the project's data key, which is made on first use.
 * @param context says what this is and which row it belongs to (`stream/<id>/<firstSeq>`); it must be said again to open it
 */
export const seal = (projectId: ProjectId, context: string, plain: Uint8Array): Promise<Buffer> => sealFor(projectId, context, plain)

/**
 * Opens what `seal` made for the same project and context, with whichever key sealed it.
 * @throws AppError BAD_REQUEST `notSealed`; NOT_FOUND `keyUnknown` or `keyDestroyed`; CONFLICT `sealAltered` (or of another place), or
 * `keyDamaged`; UNAVAILABLE `masterKeyOther`, or why a vault did not answer
 */
export const open = (projectId: ProjectId, context: string, sealed: Uint8Array): Promise<Buffer> => openFor(projectId, context, sealed)

/** Seals what belongs to no project. @param context as for `seal` */
export const sealForPlatform = (context: string, plain: Uint8Array): Promise<Buffer> => sealFor(null, context, plain)

/** Opens what `sealForPlatform` made for the same context. @throws AppError as `open` does */
export const openForPlatform = (context: string, sealed: Uint8Array): Promise<Buffer> => openFor(null, context, sealed)

/** Which key sealed this, without opening it; null where nothing we know did. */
export function keyIdOfSealed(sealed: Uint8Array): string | null {
  try {
    return keyIdOf(sealed)
  } catch {
    return null
  }
}

/** The key that seals now; made where there is none. */
export const activeKeyId = async (scope: KeyScope): Promise<string> => (await activeKey(scope)).id

/**
 * What is to be stored instead of `sealed`, under the active key; null where that key sealed it already.
 * @throws AppError as `open` does
 */
export async function resealed(scope: KeyScope, context: string, sealed: Uint8Array): Promise<Buffer | null> {
  const { id, key } = await activeKey(scope)
  if (keyIdOfSealed(sealed) === id) return null
  const plain = await openFor(scope, context, sealed)
  // Under this key, not the one that is active by now: where all were destroyed meanwhile, what was just opened goes with them.
  const fresh = sealWith(key, id, sealBinding(scope, context), plain)
  plain.fill(0)
  return fresh
}

function viewOf({ id, state, masterId, createdAt, retiredAt, destroyedAt }: data.KeyRow): KeyView {
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return { id, state, masterId, createdAt: createdAt.toISOString(), retiredAt: iso(retiredAt), destroyedAt: iso(destroyedAt) }
}

/** Every key of a ring, the active one first, then from the newest to the oldest. */
export const keysOf = async (scope: KeyScope): Promise<KeyView[]> => (await data.listKeys(scope)).map(viewOf)

/**
 * Gives a ring a new active key; what the one before sealed still opens. Writers may use that for `writersKeepKeyMs` more.
 * @throws AppError NOT_FOUND where there is no such project
 */
export const rotateDataKey = async (scope: KeyScope): Promise<KeyView> => viewOf(await rotate(scope))

/**
 * Destroys every key of a project: what they sealed is unreadable for good, here and in every copy of the database that is younger. What
 * is sealed from now on gets a new key. Gives how many there were.
 */
export async function destroyKeys(projectId: ProjectId): Promise<number> {
  const count = await data.destroyKeys(projectId, now())
  forgetRing(projectId)
  tellOfRing(projectId)
  return count
}

/** Where the master key comes from, and what it wraps. */
export async function masterState(): Promise<MasterState> {
  const { kind, source, path, ...masters } = registry('masterKeys')
  const [currentId, ids, counts] = await Promise.all([masters.current(), masters.ids(), data.wrapCounts()])
  const wraps = counts.map(({ masterId, keys }) => ({ masterId: masterId ?? '', keys }))
  return { kind, source, currentId, ids, path, wraps, backedUpAt: (await data.findBackup(currentId))?.toISOString() ?? null }
}

/** A sentence for whoever started the server, where the keys were never backed up and stand nowhere but here. */
export async function masterKeyNotice(): Promise<string | null> {
  const { source, path, current } = registry('masterKeys')
  if (source !== 'made' || (await data.findBackup(await current()))) return null
  return `Everything stored is sealed with keys that ${path} opens, and nothing else does. Back it up: npm run maestro -- keys backup --out <file>`
}

/**
 * Makes a new master key the current one; `rewrapKeys` moves everything to it. Where the keys come from the environment or a file of the
 * operator's, and another one stands first there by now, that is the new one.
 * @throws AppError CONFLICT where that has to be done first, in words that say how
 */
export const rotateMasterKey = (): Promise<{ from: string; to: string }> => rotateMaster()

/**
 * Wraps everything with the current master key that another one wraps, then forgets master keys that wrap nothing any more. May be cut
 * off and begun again, and done by several processes at once.
 */
export const rewrapKeys = (): Promise<Rewrapped> => rewrapEverything()

/**
 * The platform's secret, from which others are derived; made once, however many processes start at once.
 * @throws AppError as `open` does
 */
export const loadPlatformSecret = (): Promise<Buffer> => platformSecret()

/** Why a row does not open; null where it does. */
async function faultOf(row: data.WrappedRow): Promise<string | null> {
  try {
    const key = await unwrapRow(row)
    key.fill(0)
    return null
  } catch (error) {
    if (mastersAreAway(error) || !isAppError(error)) throw error
    return error.message
  }
}

/**
 * Opens every key and secret once.
 * @throws AppError UNAVAILABLE where a vault does not answer
 */
export async function verifyKeys(): Promise<KeyCheck> {
  const check: KeyCheck = { keys: 0, opened: 0, destroyed: await data.countDestroyed(), broken: [] }
  for (let rows = await data.wrappedRows(null); rows.length > 0; rows = await data.wrappedRows(rows.at(-1) ?? null)) {
    check.keys += rows.length
    const faults = await Promise.all(rows.map(faultOf))
    for (const [at, { id, projectId }] of rows.entries()) {
      const reason = faults[at]
      if (reason) check.broken.push({ id, projectId, reason })
      else check.opened++
    }
  }
  return check
}
