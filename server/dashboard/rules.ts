import type { Days } from './schema.ts'

export const shownDays = 30
const dayMs = 24 * 3_600_000

/** The first moment of the first day that is shown, `now` being in the last one. */
export const firstDay = (now: number): Date => new Date(Math.floor(now / dayMs) * dayMs - (shownDays - 1) * dayMs)

/** Every day from the first to today, those on which nothing ended with noughts. */
export function withEmptyDays(now: number, days: Readonly<Days>): Days {
  const known = new Map(days.map((day) => [day.day, day]))
  return Array.from({ length: shownDays }, (_, at) => {
    const day = new Date(firstDay(now).getTime() + at * dayMs).toISOString().slice(0, 10)
    return known.get(day) ?? { day, succeeded: 0, failed: 0, stopped: 0, tokens: 0, costMicros: 0 }
  })
}
