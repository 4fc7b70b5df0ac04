import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { keyBytes, sealWith } from '../rules.ts'
import { cachedKey } from './cache.ts'
import { bindingOf, type OpenedKey, openRow, refusal } from './types.ts'

/** A new key that is not stored yet. */
interface NewKey extends OpenedKey {
  projectId: string | null
  wrapped: { masterId: string; wrapped: Buffer }
}

async function wrap(id: string, projectId: string | null, key: KeyObject): Promise<NewKey['wrapped']> {
  const bytes = key.export()
  const wrapped = await registry('masterKeys').wrap(bytes, bindingOf({ kind: 'key', id, projectId }))
  bytes.fill(0)
  return wrapped
}

/** Makes a key for a ring; a vault is asked before any transaction waits for it. */
export async function makeKey(projectId: string | null): Promise<NewKey> {
  const id = randomUUID()
  const bytes = randomBytes(keyBytes)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { id, key, projectId, wrapped: await wrap(id, projectId, key) }
}

/** Stores a new key. Its master key may have been replaced since it was wrapped, and is about to be forgotten: then it is wrapped again. */
export async function storeKey(tx: data.KeyTransaction, { id, key, projectId, wrapped }: NewKey): Promise<data.KeyRow> {
  await data.holdMasterKeys(tx, 'shared')
  const masters = registry('masterKeys')
  // A vault keeps its old versions.
  const stands = masters.kind === 'vault' || (await masters.current()) === wrapped.masterId
  return data.insertKey(tx, projectId, { id, ...(stands ? wrapped : await wrap(id, projectId, key)) })
}

/** Makes a ring's first key, or gives the one that another process made before. */
async function firstActive(scope: data.KeyScope, known: OpenedKey | null): Promise<OpenedKey> {
  const fresh = await makeKey(scope)
  const existing = await data.holdingMasterKeys('shared', async (tx) => {
    if (!(await data.lockRing(tx, scope))) throw refusal('noProjectForKey')
    const row = await data.findActiveKey(scope, tx)
    if (!row) await storeKey(tx, fresh)
    return row
  })
  return existing ? opened(scope, existing, known) : { id: fresh.id, key: fresh.key }
}

async function opened(scope: data.KeyScope, row: data.WrappedKey, known: OpenedKey | null): Promise<OpenedKey> {
  const { id, masterId, wrapped } = row
  if (!wrapped) throw refusal('keyDestroyed')
  // An id is given once: the row's key is the one that is known already.
  return known?.id === id ? known : openRow({ kind: 'key', id, projectId: scope, masterId, wrapped })
}

/** The key that seals now; made where the ring has none. */
export function activeKey(scope: data.KeyScope): Promise<OpenedKey> {
  return cachedKey(scope, 'active', async (known) => {
    const row = await data.findActiveKey(scope)
    return row ? opened(scope, row, known) : firstActive(scope, known)
  })
}

/** The key of a ring with this id, whichever state it has. */
export function keyById(scope: data.KeyScope, id: string): Promise<OpenedKey> {
  return cachedKey(scope, id, async (known) => {
    const row = await data.findKey(scope, id)
    if (!row) throw refusal('keyUnknown')
    return opened(scope, row, known)
  })
}

/** A key for a project that is about to be stored. */
export async function firstKey(projectId: string) {
  const fresh = await makeKey(projectId)
  return {
    seal: (context: string, plain: Uint8Array): Buffer => sealWith(fresh.key, fresh.id, [projectId, context], plain),
    store: async (tx: data.KeyTransaction): Promise<void> => void (await storeKey(tx, fresh)),
  }
}
