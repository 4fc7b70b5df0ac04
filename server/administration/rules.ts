import type { BuildStatus } from '@/server/builds/schema.ts'
import type { DayOutcome, Overview } from './schema.ts'

const dayMs = 24 * 3600 * 1000
/** Days that the figures look back, today included. */
export const shownDays = 30

const outcomes: Record<BuildStatus, DayOutcome> = {
  SUCCESS: 'success',
  UNSTABLE: 'unstable',
  FAILURE: 'failure',
  ABORTED: 'aborted',
  NOT_BUILT: 'aborted',
  QUEUED: 'open',
  RUNNING: 'open',
}

/** When the first of the shown days began, in UTC. */
export const firstDay = (now: number): Date => new Date(Math.floor(now / dayMs) * dayMs - (shownDays - 1) * dayMs)

/** When the month began, in UTC. */
export function monthStart(now: number): Date {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1))
}

/** Every shown day with its builds, also those on which nothing was built. */
export function buildDays(rows: readonly { day: string; status: BuildStatus; count: number }[], now: number): Overview['days'] {
  const days = Array.from({ length: shownDays }, (_, index) => ({
    ...{ day: new Date(firstDay(now).getTime() + index * dayMs).toISOString().slice(0, 10) },
    ...{ success: 0, unstable: 0, failure: 0, aborted: 0, open: 0 },
  }))
  const byDay = new Map(days.map((day) => [day.day, day]))
  for (const { day, status, count } of rows) {
    const known = byDay.get(day)
    if (known) known[outcomes[status]] += count
  }
  return days
}

/** The share of successes among what came to a result; null where nothing did. What was aborted says nothing about the code. */
export function successRate(days: Overview['days']): number | null {
  const sum = (outcome: DayOutcome) => days.reduce((all, day) => all + day[outcome], 0)
  const finished = sum('success') + sum('unstable') + sum('failure')
  return finished === 0 ? null : sum('success') / finished
}
