import type { KeyView } from '@/server/vault/schema.ts'
import { type Position, positionSchema } from './rounds/types.ts'
import type { RingKey, RoundState, RoundView, SealedCountView, SealedKind } from './schema.ts'
import type { Tally } from './sources/types.ts'

/** A round's first pass. */
export const beginning = (at: number): Position => ({ pass: 1, since: at, found: 0, unreadable: 0, after: null, workedMs: 0 })

export const writePosition = (position: Position): string => JSON.stringify(position)

/** Null where there is none that this version understands: the round then begins again, which does no harm. */
export function positionOf(text: string | null): Position | null {
  try {
    return text === null ? null : positionSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Whether a round has to look at what was counted. */
export const isStale = ({ keyId, sealed }: Tally, activeKeyId: string | null): boolean => !sealed || keyId !== activeKeyId

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0)
/** Null as soon as one is not known. */
const sumKnown = (tallies: readonly Tally[]): number | null =>
  tallies.some(({ bytes }) => bytes === null) ? null : sum(tallies, ({ bytes }) => bytes ?? 0)

/** Tallies of one kind of thing as they are shown. */
export function sealedView(kind: SealedKind, tallies: readonly Tally[], ring: readonly KeyView[]): SealedCountView {
  const active = ring.find(({ state }) => state === 'ACTIVE')?.id ?? null
  const opening = new Set(ring.filter(({ state }) => state !== 'DESTROYED').map(({ id }) => id))
  const isLost = ({ keyId }: Tally) => keyId !== null && !opening.has(keyId)
  const sealed = tallies.filter((tally) => tally.sealed)
  return {
    kind,
    rows: sum(sealed, ({ rows }) => rows),
    bytes: sumKnown(sealed),
    toReseal: sum(
      sealed.filter((tally) => isStale(tally, active) && !isLost(tally)),
      ({ rows }) => rows,
    ),
    lost: sum(sealed.filter(isLost), ({ rows }) => rows),
    inClear: sum(
      tallies.filter((tally) => !tally.sealed),
      ({ rows }) => rows,
    ),
  }
}

/** A ring's keys, each with what it sealed. */
export const ringKeys = (ring: readonly KeyView[], tallies: readonly Tally[]): RingKey[] =>
  ring.map((key) => {
    const own = tallies.filter(({ keyId }) => keyId === key.id)
    return { ...key, rows: sum(own, ({ rows }) => rows), bytes: sum(own, ({ bytes }) => bytes ?? 0) }
  })

/** What destroying a ring's keys makes unreadable: whatever opens today. */
export function atStake(ring: readonly KeyView[], tallies: readonly Tally[]): { rows: number; bytes: number } {
  const opening = new Set(ring.filter(({ state }) => state !== 'DESTROYED').map(({ id }) => id))
  const lost = tallies.filter(({ keyId, sealed }) => sealed && (keyId === null || opening.has(keyId)))
  return { rows: sum(lost, ({ rows }) => rows), bytes: sum(lost, ({ bytes }) => bytes ?? 0) }
}

/** A round's row as far as its view needs it. */
export interface RoundRow {
  id: string
  state: RoundState
  source: string | null
  cursor: string | null
  total: bigint
  done: bigint
  resealed: bigint
  bytes: bigint
  unreadable: bigint
  startedAt: Date
  endedAt: Date | null
}

/** A round as it is shown. */
export function roundView(row: RoundRow): RoundView {
  const [done, bytes] = [Number(row.done), Number(row.bytes)]
  const workedMs = positionOf(row.cursor)?.workedMs ?? 0
  return {
    id: row.id,
    state: row.state,
    // What was written with the old key while the round went on comes on top of what was counted.
    total: row.source === null ? null : Math.max(Number(row.total), done),
    done,
    resealed: Number(row.resealed),
    bytes,
    unreadable: Number(row.unreadable),
    rate: workedMs > 0 ? (bytes / workedMs) * 1_000 : null,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

/** Whether somebody typed a name to confirm what cannot be undone. */
export const isConfirmed = (typed: string, name: string): boolean => typed.trim() === name
