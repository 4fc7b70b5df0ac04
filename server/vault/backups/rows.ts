import type { MasterKeys } from '@/server/core/master-keys.ts'
import * as data from '../data.ts'
import { bindingOf, now } from '../ring/types.ts'
import type { Backup } from './types.ts'

interface Restored {
  keys: number
  secrets: number
  /** Keys of projects that are not here. */
  skipped: number
  /** The rings that changed. */
  touched: (string | null)[]
}

type Row = Pick<data.WrappedRow, 'kind' | 'id' | 'projectId'>

/** What a backup holds of one row, under the master key in use here. */
async function wrapAnew(row: Row, from: { masterId: string | null; wrapped: Uint8Array }, theirs: MasterKeys, ours: MasterKeys) {
  const key = await theirs.unwrap(from, bindingOf(row))
  const fresh = await ours.wrap(key, bindingOf(row))
  key.fill(0)
  return fresh
}

const opens = (row: data.WrappedRow, ours: MasterKeys): Promise<boolean> =>
  ours.unwrap(row, bindingOf(row)).then(
    (key) => {
      key.fill(0)
      return true
    },
    () => false,
  )

/** Puts keys and secrets of a backup back where they are missing, or do not open any more; all of them or, where it fails, none. */
export async function restoreRows(tx: data.KeyTransaction, backup: Backup, theirs: MasterKeys, ours: MasterKeys): Promise<Restored> {
  const here = await data.everything(tx)
  const known = new Map(here.keys.map((key) => [key.id, key]))
  const projects = await data.presentProjects(tx, [...new Set(backup.keys.flatMap(({ projectId }) => projectId ?? []))])
  const sealing = new Set(here.keys.filter(({ state }) => state === 'ACTIVE').map(({ projectId }) => projectId))
  const report: Restored = { keys: 0, secrets: 0, skipped: 0, touched: [] }
  for (const key of backup.keys) {
    const row = { kind: 'key' as const, id: key.id, projectId: key.projectId }
    const existing = known.get(key.id)
    if (existing) {
      const { wrapped } = existing
      if (!wrapped || (await opens({ ...row, ...existing, wrapped }, ours))) continue
      await data.replaceWrapping(tx, { ...row, masterId: existing.masterId, wrapped }, await wrapAnew(row, key, theirs, ours))
    } else if (key.projectId && !projects.has(key.projectId)) {
      report.skipped++
      continue
    } else {
      const state = key.state === 'ACTIVE' && !sealing.has(key.projectId) ? 'ACTIVE' : 'RETIRED'
      if (state === 'ACTIVE') sealing.add(key.projectId)
      const retiredAt = state === 'ACTIVE' ? null : (key.retiredAt ?? now())
      await data.restoreKey(tx, { ...key, state, retiredAt, destroyedAt: null, ...(await wrapAnew(row, key, theirs, ours)) })
    }
    report.keys++
    report.touched.push(key.projectId)
  }
  report.secrets = await restoreSecrets(tx, backup, theirs, ours)
  return report
}

async function restoreSecrets(tx: data.KeyTransaction, backup: Backup, theirs: MasterKeys, ours: MasterKeys): Promise<number> {
  let restored = 0
  for (const { name, ...secret } of backup.secrets) {
    const row = { kind: 'secret' as const, id: name, projectId: null }
    const existing = await data.findSecret(name, tx)
    if (existing && (await opens(existing, ours))) continue
    const fresh = await wrapAnew(row, secret, theirs, ours)
    if (existing) await data.replaceWrapping(tx, existing, fresh)
    else await data.insertSecret(tx, name, fresh)
    restored++
  }
  return restored
}
