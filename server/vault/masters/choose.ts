import { join } from 'node:path'
import type { Env } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { parseMasterKeys } from '../rules.ts'
import { isThere, keyFile, madeKeyFile } from './files.ts'
import { fixedRing, localMasterKeys } from './local.ts'
import { transitMasterKeys } from './transit.ts'
import type { MasterKeys } from './types.ts'

type KeyEnv = Pick<
  Env,
  | 'MAESTRO_DATA_DIR'
  | 'MAESTRO_MASTER_KEY'
  | 'MAESTRO_MASTER_KEY_FILE'
  | 'VAULT_ADDR'
  | 'VAULT_TOKEN'
  | 'VAULT_NAMESPACE'
  | 'VAULT_TRANSIT_MOUNT'
  | 'VAULT_TRANSIT_KEY'
>

async function configured(from: KeyEnv): Promise<MasterKeys | null> {
  const { MAESTRO_MASTER_KEY: key, MAESTRO_MASTER_KEY_FILE: file, VAULT_ADDR: address } = from
  const sources = Object.entries({ MAESTRO_MASTER_KEY: key, MAESTRO_MASTER_KEY_FILE: file, VAULT_ADDR: address })
  const given = sources.filter(([, value]) => value).map(([name]) => name)
  if (given.length > 1) throw new Error(`There is one master key: of ${given.join(', ')} only one may be set.`)
  if (key) return localMasterKeys(fixedRing(parseMasterKeys(key, ',')))
  if (file) return localMasterKeys(keyFile(file, 'file'))
  if (!address) return null
  if (!from.VAULT_TOKEN) throw new Error('VAULT_ADDR is set without VAULT_TOKEN.')
  const { VAULT_NAMESPACE: namespace = null, VAULT_TRANSIT_MOUNT: mount, VAULT_TRANSIT_KEY: name } = from
  return transitMasterKeys({ address, token: from.VAULT_TOKEN, namespace, mount, name })
}

/** What an installation that made its key itself still needs of it once another source was set, until everything is wrapped by that. */
function movingFrom(older: MasterKeys, now: MasterKeys): MasterKeys {
  const { own } = now
  return {
    ...now,
    own: own && { ...own, keys: async () => [...(await own.keys()), ...((await older.own?.keys()) ?? [])] },
    ids: async () => [...new Set([...(await now.ids()), ...(await older.ids())])],
    unwrap: (from, binding) =>
      now.unwrap(from, binding).catch((error) => {
        if (!isAppError(error) || error.key !== 'masterKeyOther') throw error
        return older.unwrap(from, binding)
      }),
  }
}

/**
 * The master keys that the environment names: `MAESTRO_MASTER_KEY`, `MAESTRO_MASTER_KEY_FILE` or a vault; else the file `master.key` of
 * the data directory, made on first start.
 * @throws Error in one sentence where they are unusable, or more than one source is named
 */
export async function openMasterKeys(from: KeyEnv): Promise<MasterKeys> {
  const path = join(from.MAESTRO_DATA_DIR, 'master.key')
  const now = await configured(from)
  const keys = now ?? localMasterKeys(await madeKeyFile(path))
  if (keys.own) await keys.current()
  return now && (await isThere(path)) ? movingFrom(localMasterKeys(keyFile(path, 'made')), now) : keys
}
