import { randomBytes } from 'node:crypto'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { keyBytes, platformKey } from '../rules.ts'
import { bindingOf, now, unwrapRow } from './types.ts'

const secretName = 'platform'

/**
 * Older versions derived the platform's key from the master key. It becomes a retired key of the platform's ring, so that what it sealed
 * opens through every rotation.
 */
async function keepDerivedKeys(tx: data.KeyTransaction): Promise<void> {
  const masters = registry('masterKeys')
  for (const master of (await masters.own?.keys()) ?? []) {
    const { id, key } = platformKey(master)
    const wrapped = await masters.wrap(key, bindingOf({ kind: 'key', id, projectId: null }))
    await data.insertRetiredKey(tx, { id, ...wrapped }, now())
    for (const bytes of [master, key]) bytes.fill(0)
  }
}

function makeSecret(): Promise<data.WrappedRow> {
  return data.holdingMasterKeys('shared', async (tx) => {
    await data.lockRing(tx, null)
    const existing = await data.findSecret(secretName, tx)
    if (existing) return existing
    const row = { kind: 'secret' as const, id: secretName, projectId: null }
    const fresh = await registry('masterKeys').wrap(randomBytes(keyBytes), bindingOf(row))
    await data.insertSecret(tx, secretName, fresh)
    if (await data.hasPeople(tx)) await keepDerivedKeys(tx)
    return { ...row, ...fresh }
  })
}

/**
 * The platform's secret; made once, however many processes start at once.
 * @throws AppError UNAVAILABLE `masterKeyOther` where the keys of this installation were wrapped by another master key
 */
export async function platformSecret(): Promise<Buffer> {
  return unwrapRow((await data.findSecret(secretName)) ?? (await makeSecret()))
}
