import { setImmediate as breathe } from 'node:timers/promises'
import { isAppError } from '@/server/core/errors.ts'
import { open, openForPlatform, resealed, seal, sealForPlatform } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { unsealedColumnSql } from './sql.ts'
import type { Counts, Looked, Scope, SealedColumn, Source } from './types.ts'

/** Rows that are looked at for a slice: somewhat more than fit, as far as the slice before tells. */
const someMore = 1.25
const fewestRows = 64

/** Bytes that are sealed before others get their turn: some milliseconds. */
const turnBytes = 1024 * 1024

/**
 * Whether no key opens something: it stays as it is. That the vault itself does not answer is another matter: it is thrown, and the round
 * tries again.
 */
export const cannotBeOpened = (error: unknown): boolean =>
  isAppError(error) && (['NOT_FOUND', 'CONFLICT', 'BAD_REQUEST'].includes(error.code) || error.key === 'masterKeyOther')

const sealOf = (scope: Scope, context: string, plain: Buffer) => (scope ? seal(scope, context, plain) : sealForPlatform(context, plain))
const openOf = (scope: Scope, context: string, sealed: Buffer) => (scope ? open(scope, context, sealed) : openForPlatform(context, sealed))

async function freshOf(scope: Scope, context: string, { sealed, plain }: data.ColumnRow): Promise<Buffer | null> {
  if (sealed === null) return plain === null ? null : sealOf(scope, context, Buffer.from(plain))
  const fresh = await resealed(scope, context, sealed)
  // Under the active key already: what stands in the clear beside it goes all the same.
  return fresh ?? (plain === null ? null : sealed)
}

async function sealLane(scope: Scope, column: SealedColumn, rows: readonly data.ColumnRow[]): Promise<Counts> {
  const counts: Counts = { rows: rows.length, resealed: 0, bytes: 0, unreadable: 0 }
  const writes: data.ColumnWrite[] = []
  let turn = 0
  for (const row of rows) {
    try {
      const fresh = await freshOf(scope, column.context(row.names), row)
      if (fresh) writes.push({ row, fresh })
      turn += fresh?.length ?? 0
    } catch (error) {
      if (!cannotBeOpened(error)) throw error
      counts.unreadable++
    }
    if (turn < turnBytes) continue
    turn = 0
    await breathe()
  }
  counts.resealed = await data.writeColumn(column, writes)
  counts.bytes = writes.reduce((sum, { fresh }) => sum + fresh.length, 0)
  return counts
}

/** Seals rows anew in two halves side by side: the database stores one while the other is sealed, and on another processor. */
async function sealAnew(scope: Scope, column: SealedColumn, rows: readonly data.ColumnRow[]): Promise<Counts> {
  const half = rows.length < fewestRows ? rows.length : Math.ceil(rows.length / 2)
  const lanes = [rows.slice(0, half), rows.slice(half)].filter((lane) => lane.length > 0)
  const ends = await Promise.allSettled(lanes.map((lane) => sealLane(scope, column, lane)))
  const total: Counts = { rows: 0, resealed: 0, bytes: 0, unreadable: 0 }
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason
    for (const name of ['rows', 'resealed', 'bytes', 'unreadable'] as const) total[name] += end.value[name]
  }
  return total
}

async function lookAt(scope: Scope, column: SealedColumn, rows: readonly data.ColumnRow[]): Promise<Looked> {
  let unreadable = 0
  for (const { names, sealed } of rows) if (sealed && !(await opens(() => openOf(scope, column.context(names), sealed)))) unreadable++
  const last = rows.at(-1)
  return { next: last ? JSON.stringify(last.key) : null, rows: rows.length, unreadable }
}

/** Whether something can be opened. */
export const opens = (open: () => Promise<unknown>): Promise<boolean> =>
  open().then(
    () => true,
    (error: unknown) => {
      if (cannotBeOpened(error)) return false
      throw error
    },
  )

/** A column as a source. */
export function columnSource(column: SealedColumn): Source {
  let rowBytes = 4_096
  const of = column.of ?? 'project'
  // Of a project where it is the platform's, and the other way round, there is nothing.
  const concerns = (scope: Scope) => (scope === null) === (of === 'platform')
  return {
    name: column.name,
    kind: column.kind,
    of,
    unsealed: unsealedColumnSql(column),
    tally: (scope) => (concerns(scope) ? data.tallyColumn(scope, column) : Promise.resolve([])),
    async take(scope, wanted) {
      const most = Math.min(data.mostRows, Math.max(fewestRows, Math.ceil((wanted.bytes / rowBytes) * someMore)))
      const rows = concerns(scope) ? await data.takeColumn(scope, column, wanted, 'others', most) : []
      const last = rows.at(-1)
      const bytes = rows.reduce((sum, { size }) => sum + size, 0)
      if (rows.length > 0) rowBytes = Math.max(1, bytes / rows.length)
      return { next: last ? JSON.stringify(last.key) : null, bytes, work: () => sealAnew(scope, column, rows) }
    },
    look: async (scope, wanted) =>
      concerns(scope)
        ? lookAt(scope, column, await data.takeColumn(scope, column, wanted, 'own', wanted.rows))
        : { next: null, rows: 0, unreadable: 0 },
  }
}
