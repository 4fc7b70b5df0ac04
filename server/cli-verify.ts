/** `maestro keys verify`: whether everything opens. */
import { openOffline, type Say } from './cli-offline.ts'
import { print } from './core/command-line.ts'
import type { OperatorOutput } from './rotation/operator/types.ts'
import { openBackup } from './vault/backups/file.ts'
import { fixedRing, localMasterKeys } from './vault/masters/local.ts'

/** Of each kind of thing that a key sealed, unless all is asked for. */
const sampleRows = 20

interface How {
  service?: string
  all: boolean
}
type TriedKey = OperatorOutput<'keys.verify'>['keys'][number]

/** Opens what one key sealed: a sample of it, or everything. */
async function lookAll(say: Say, { service, id }: TriedKey, all: boolean): Promise<{ rows: number; unreadable: number }> {
  const sum = { rows: 0, unreadable: 0 }
  let from: OperatorOutput<'keys.look'>['next'] = null
  do {
    const looked: OperatorOutput<'keys.look'> = await say('keys.look', { service, keyId: id, from, sample: all ? null : sampleRows })
    sum.rows += looked.rows
    sum.unreadable += looked.unreadable
    from = looked.next
  } while (from)
  return sum
}

const line = (cells: readonly (string | number)[]) => {
  const [place = '', key = '', state = '', ...numbers] = cells.map(String)
  print(`${place.padEnd(24)} ${key.padEnd(36)} ${state.padEnd(10)}${numbers.map((cell) => cell.padStart(11)).join('')}`)
}

/**
 * Opens every key, and of what each sealed a sample or everything; prints a table. Gives 1 where something does not open that should:
 * what destroyed keys sealed is lost on purpose.
 */
export async function verifyAll(say: Say, { service, all }: How): Promise<number> {
  const { check, keys, strays } = await say('keys.verify', service === undefined ? {} : { service })
  const broken = new Map(check.broken.map(({ id, reason }) => [id, reason]))
  let bad = check.broken.length
  line(['project', 'key', 'state', 'sealed', 'looked at', 'unreadable'])
  for (const key of keys) {
    const opens = key.state !== 'DESTROYED' && !broken.has(key.id)
    const { rows, unreadable } = opens && key.rows > 0 ? await lookAll(say, key, all) : { rows: 0, unreadable: 0 }
    bad += unreadable
    line([key.service ?? '(platform)', key.id, broken.has(key.id) ? 'BROKEN' : key.state.toLowerCase(), key.rows, rows, unreadable])
  }
  for (const { id, reason } of check.broken) print(`${id}: ${reason}`)
  for (const stray of strays) print(`${stray.service ?? '(platform)'}: ${stray.rows} things are sealed with no key of its ring, or gone.`)
  bad += strays.length
  print(
    bad > 0
      ? 'Not everything opens.'
      : `${check.opened} keys open${all ? ', and everything they sealed' : ', and what was looked at of what they sealed'}.`,
  )
  return bad > 0 ? 1 : 0
}

/** Whether a backup alone would open everything: its master keys are put in the place of those here, which are not asked. */
export async function checkBackup(dataDir: string, file: Buffer, passphrase: string, how: How): Promise<number> {
  const backup = await openBackup(file, passphrase)
  // What a vault keeps is not in the backup: then the vault itself is part of what has to be there.
  const masters = backup.kind === 'local' ? localMasterKeys(fixedRing(backup.masterKeys)) : undefined
  const offline = await openOffline(dataDir, masters)
  try {
    print(`The backup is of ${backup.madeAt}.`)
    const known = new Set(backup.keys.map(({ id }) => id))
    const { keys } = await offline.say('keys.verify', how.service === undefined ? {} : { service: how.service })
    const younger = keys.filter(({ id, state }) => state !== 'DESTROYED' && !known.has(id))
    const result = await verifyAll(offline.say, how)
    if (younger.length > 0) print(`${younger.length} keys were made after the backup: make another one.`)
    return younger.length > 0 ? 1 : result
  } finally {
    await offline.close()
  }
}
