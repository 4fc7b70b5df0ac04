import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open as openFile, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { createFirstKey, findActiveKey, findKey, insertKey, type KeyTransaction, type WrappedKey } from './data.ts'
import { boundedMap, keyBytes, keyIdOf, openWith, parseMasterKey, platformKey, SealRefusal, sealWith } from './rules.ts'
import type { ImportReport, KeyCheck, KeyView, MasterState, Rewrapped } from './schema.ts'

export { openJson, openText, sealJson, sealText, sealWords } from './columns/columns.ts'
export type { Opened, Stored } from './columns/types.ts'

interface OpenedKey {
  id: string
  key: Buffer
}

// Promises are kept, not keys, so that many callers at once ask the database once. The bound holds for each of the two.
const cacheLimit = 1_000
const opened = boundedMap<Promise<OpenedKey>>(cacheLimit)
const active = boundedMap<Promise<OpenedKey>>(cacheLimit)

async function once(cache: typeof opened, name: string, make: () => Promise<OpenedKey>): Promise<OpenedKey> {
  const known = cache.get(name)
  if (known) return known
  const made = make()
  cache.set(name, made)
  try {
    return await made
  } catch (error) {
    cache.delete(name)
    throw error
  }
}

const wrapBinding = (projectId: string, keyId: string) => ['data-key', projectId, keyId]

async function unwrap(projectId: ProjectId, { id, masterId, wrapped }: WrappedKey): Promise<OpenedKey> {
  if (!wrapped) throw new AppError('NOT_FOUND', 'The key that sealed this was destroyed.')
  return { id, key: await registry('masterKeys').unwrap({ masterId, wrapped }, wrapBinding(projectId, id)) }
}

function activeKey(projectId: ProjectId): Promise<OpenedKey> {
  return once(active, projectId, async () => {
    const existing = await findActiveKey(projectId)
    if (existing) return unwrap(projectId, existing)
    const id = randomUUID()
    const row = await createFirstKey(projectId, {
      id,
      ...(await registry('masterKeys').wrap(randomBytes(keyBytes), wrapBinding(projectId, id))),
    })
    if (!row) throw new AppError('NOT_FOUND', 'There is no such project.')
    return unwrap(projectId, row)
  })
}

/**
 * A first key for a project that is about to be stored, so that what is sealed of it is stored with it, in one transaction.
 * `store` puts the key behind the project's row.
 */
export async function firstKey(projectId: string): Promise<{
  seal(context: string, plain: Uint8Array): Buffer
  store(tx: KeyTransaction): Promise<void>
}> {
  const id = randomUUID()
  const key = randomBytes(keyBytes)
  const wrapped = await registry('masterKeys').wrap(key, wrapBinding(projectId, id))
  return {
    seal: (context, plain) => sealWith(key, id, [projectId, context], plain),
    store: (tx) => insertKey(tx, projectId, { id, ...wrapped }),
  }
}

function keyById(projectId: ProjectId, keyId: string): Promise<OpenedKey> {
  return once(opened, `${projectId}/${keyId}`, async () => {
    const row = await findKey(projectId, keyId)
    if (!row) throw new AppError('NOT_FOUND', "The key that sealed this is not in the project's key ring.")
    return unwrap(projectId, row)
  })
}

/**
 * Seals bytes with the project's data key, which is made on first use.
 * @param context says what this is and which row it belongs to (`stream/<id>/<firstSeq>`); it must be said again to open it
 */
export async function seal(projectId: ProjectId, context: string, plain: Uint8Array): Promise<Buffer> {
  const { id, key } = await activeKey(projectId)
  return sealWith(key, id, [projectId, context], plain)
}

/**
 * Opens what `seal` made for the same project and context, with whichever key sealed it.
 * @throws AppError BAD_REQUEST (not a sealed text), NOT_FOUND (a key this project does not have), CONFLICT (altered, or of another
 * project or context), UNAVAILABLE (another master key)
 */
export async function open(projectId: ProjectId, context: string, sealed: Uint8Array): Promise<Buffer> {
  try {
    const { key } = await keyById(projectId, keyIdOf(sealed))
    return openWith(key, [projectId, context], sealed)
  } catch (error) {
    throw told(error)
  }
}

/** The id of the key that sealed this; null where it is nothing that this vault sealed. */
export function keyIdOfSealed(sealed: Uint8Array): string | null {
  try {
    return keyIdOf(sealed)
  } catch {
    return null
  }
}

function told(error: unknown): unknown {
  if (!(error instanceof SealRefusal)) return error
  if (error.reason === 'altered')
    return new AppError('CONFLICT', 'This could not be opened: it was altered, or it belongs to another place.')
  return new AppError('BAD_REQUEST', 'This was not sealed by this vault, or by a newer version of it.')
}

/** Seals what belongs to no project, with a key derived from the master key. @param context as for `seal` */
export async function sealForPlatform(context: string, plain: Uint8Array): Promise<Buffer> {
  const { id, key } = platformKey(registry('platformSecret'))
  return sealWith(key, id, ['platform', context], plain)
}

/**
 * Opens what `sealForPlatform` made for the same context.
 * @throws AppError BAD_REQUEST, CONFLICT, UNAVAILABLE (another master key)
 */
export async function openForPlatform(context: string, sealed: Uint8Array): Promise<Buffer> {
  const { id, key } = platformKey(registry('platformSecret'))
  try {
    if (keyIdOf(sealed) !== id) throw new AppError('UNAVAILABLE', 'The master key is not the one that sealed this.')
    return openWith(key, ['platform', context], sealed)
  } catch (error) {
    throw told(error)
  }
}

const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

async function readKeyFile(path: string): Promise<Buffer | null> {
  try {
    const { mode } = await stat(path)
    if (mode & 0o077) throw new Error(`The master key ${path} can be read by others. Set its mode to 0600 and start again.`)
    return parseMasterKey(await readFile(path, 'utf8'))
  } catch (error) {
    if (missing(error)) return null
    throw error
  }
}

/**
 * The master key: `MAESTRO_MASTER_KEY`, else the file `master.key` of the data directory, made on first start. The file appears whole
 * or not at all, and several processes that start at once end with the same key.
 * @throws Error in one sentence where the key is unusable or its file is open to others
 */
export async function loadMasterKey(from: Pick<Env, 'MAESTRO_MASTER_KEY' | 'MAESTRO_DATA_DIR'>): Promise<Buffer> {
  if (from.MAESTRO_MASTER_KEY) return parseMasterKey(from.MAESTRO_MASTER_KEY)
  const path = join(from.MAESTRO_DATA_DIR, 'master.key')
  const existing = await readKeyFile(path)
  if (existing) return existing
  await mkdir(from.MAESTRO_DATA_DIR, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  const file = await openFile(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString('hex')}\n`)
    await file.sync()
    // A hard link is made only where the name is free: the first starter wins, the others read its key.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await file.close()
    await unlink(draft)
  }
  const made = await readKeyFile(path)
  if (!made) throw new Error(`The master key ${path} vanished while it was made.`)
  return made
}

const soon = () => new AppError('UNAVAILABLE', 'The key ring is not ready yet.')

/** Whose keys: a project's, or the platform's (null). */
export type KeyScope = ProjectId | null

/** The key that seals now. */
export async function activeKeyId(scope: KeyScope): Promise<string> {
  return scope ? (await activeKey(scope)).id : platformKey(registry('platformSecret')).id
}

/** What is to be stored instead of `sealed`, under the active key; null where that key sealed it already. */
export async function resealed(scope: KeyScope, context: string, sealed: Uint8Array): Promise<Buffer | null> {
  if (keyIdOfSealed(sealed) === (await activeKeyId(scope))) return null
  return scope ? seal(scope, context, await open(scope, context, sealed)) : sealForPlatform(context, await openForPlatform(context, sealed))
}

/** Every key of a ring, the active one first, then from the newest to the oldest. */
export async function keysOf(_scope: KeyScope): Promise<KeyView[]> {
  throw soon()
}
/** Gives a ring a new active key; what the one before sealed still opens. */
export async function rotateDataKey(_scope: KeyScope): Promise<KeyView> {
  throw soon()
}
/** Destroys every key of a project: what they sealed is unreadable for good. Gives how many there were. */
export async function destroyKeys(_projectId: ProjectId): Promise<number> {
  throw soon()
}
/** Where the master key comes from, and what it wraps. */
export async function masterState(): Promise<MasterState> {
  throw soon()
}
/** Makes a new master key the current one; `rewrapKeys` moves everything to it. */
export async function rotateMasterKey(): Promise<{ from: string; to: string }> {
  throw soon()
}
/** Wraps everything with the current master key that another one wraps. */
export async function rewrapKeys(): Promise<Rewrapped> {
  throw soon()
}
/** All keys in one file that opens with the passphrase alone. */
export async function exportKeys(_passphrase: string): Promise<Buffer> {
  throw soon()
}
/** Puts back what is missing of a backup. */
export async function importKeys(_bytes: Uint8Array, _passphrase: string, _options?: { force?: boolean }): Promise<ImportReport> {
  throw soon()
}
/** Opens every key once. */
export async function verifyKeys(): Promise<KeyCheck> {
  throw soon()
}
