import type { MasterKeys } from '@/server/core/master-keys.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { fixedRing, localMasterKeys } from '../masters/local.ts'
import { masterIdOf } from '../masters/types.ts'
import { forgetRing } from '../ring/cache.ts'
import { now, tellOfRing } from '../ring/types.ts'
import type { ImportReport } from '../schema.ts'
import { openBackup, sealBackup } from './file.ts'
import { restoreRows } from './rows.ts'
import { type Backup, type BackupText, backupRefusal } from './types.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

async function textOf(tx: data.KeyTransaction, masters: MasterKeys): Promise<BackupText> {
  const { keys, secrets } = await data.everything(tx)
  const own = (await masters.own?.keys()) ?? []
  const text: BackupText = {
    version: 1,
    madeAt: now().toISOString(),
    kind: masters.kind,
    currentId: await masters.current(),
    masterKeys: own.map(base64),
    keys: keys.flatMap(({ wrapped, createdAt, retiredAt, destroyedAt: _, ...key }) => {
      const dates = { createdAt: createdAt.toISOString(), retiredAt: retiredAt?.toISOString() ?? null }
      return wrapped ? [{ ...key, ...dates, wrapped: base64(wrapped) }] : []
    }),
    secrets: secrets.map(({ name, masterId, wrapped }) => ({ name, masterId, wrapped: base64(wrapped) })),
  }
  for (const key of own) key.fill(0)
  return text
}

/**
 * All keys in one file that opens with the passphrase alone: the master keys, unless a vault keeps them, and every key they wrap.
 * @throws AppError BAD_REQUEST where the passphrase is too short
 */
export async function exportKeys(passphrase: string): Promise<Buffer> {
  const masters = registry('masterKeys')
  const text = await data.holdingMasterKeys('shared', (tx) => textOf(tx, masters))
  const file = await sealBackup(text, passphrase)
  await data.recordBackup(await masters.ids(), now())
  return file
}

/**
 * Takes the backup's master keys in. Where nothing here needs the one in use so far, or somebody insists, the backup's comes first: this
 * becomes the installation that the backup is of. Else those that wrap something here go behind.
 */
async function takeMasterKeys(tx: data.KeyTransaction, masters: MasterKeys, backup: Backup, force: boolean): Promise<number> {
  if (!masters.own || backup.masterKeys.length === 0) return 0
  const here = new Set(await masters.ids())
  const wraps = new Map((await data.wrapCounts(tx, 'keys')).map(({ masterId, keys }) => [masterId, keys]))
  const unopened = backup.masterKeys.filter((key) => !here.has(masterIdOf(key)) && (wraps.has(masterIdOf(key)) || wraps.has(null)))
  const foreign = backup.masterKeys.every((key) => !here.has(masterIdOf(key)))
  const unused = [...here].every((id) => !wraps.has(id))
  if (foreign && !unused && unopened.length === 0 && !force) throw backupRefusal('backupOtherMaster')
  const instead = foreign && (unused || force)
  const taken = instead ? backup.masterKeys : unopened
  if (taken.length === 0) return 0
  // Of an environment nothing can be changed from here: what the backup itself holds is wrapped anew, other rows need its key.
  if (masters.source === 'environment' && unopened.length === 0) return 0
  if (masters.source === 'environment') throw backupRefusal('backupNotWritable')
  return masters.own.add(taken, instead ? 'before' : 'behind')
}

/** Unwraps what the backup holds: with its own master keys, else with the vault that keeps them. */
const backupRing = (backup: Backup, masters: MasterKeys): MasterKeys =>
  backup.masterKeys.length > 0 ? localMasterKeys(fixedRing(backup.masterKeys)) : masters

/**
 * Puts back what is missing of a backup, and what is here but does not open any more. Destroyed keys stay destroyed. Safe to repeat.
 * @param force takes a backup of another installation, or one whose master key was kept in another way
 * @throws AppError BAD_REQUEST (no backup), CONFLICT (cut off, altered, or of another installation), FORBIDDEN (wrong passphrase)
 */
export async function importKeys(bytes: Uint8Array, passphrase: string, { force = false } = {}): Promise<ImportReport> {
  const backup = await openBackup(bytes, passphrase)
  const masters = registry('masterKeys')
  if (backup.kind !== masters.kind && !force) throw backupRefusal('backupOtherKeeping')
  const { touched, ...report } = await data.holdingMasterKeys('alone', async (tx) => {
    const masterKeys = await takeMasterKeys(tx, masters, backup, force)
    return { masterKeys, ...(await restoreRows(tx, backup, backupRing(backup, masters), masters)) }
  })
  for (const key of backup.masterKeys) key.fill(0)
  for (const scope of touched) {
    forgetRing(scope)
    tellOfRing(scope)
  }
  if ((await masters.current()) === backup.currentId) await data.recordBackup([backup.currentId], new Date(backup.madeAt), 'unless later')
  return { madeAt: backup.madeAt, ...report }
}
