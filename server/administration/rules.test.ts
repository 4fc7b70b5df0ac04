import { expect, it } from 'vitest'
import { buildDays, firstDay, monthStart, shownDays, successRate } from './rules.ts'

const now = Date.UTC(2026, 2, 1, 12)

it('shows every day, today last, also those on which nothing was built', () => {
  const rows = [
    { day: '2026-03-01', status: 'SUCCESS', count: 3 },
    { day: '2026-03-01', status: 'RUNNING', count: 1 },
    { day: '2026-03-01', status: 'QUEUED', count: 2 },
    { day: '2026-02-28', status: 'ABORTED', count: 1 },
    { day: '2026-02-28', status: 'NOT_BUILT', count: 1 },
    { day: '2026-01-01', status: 'FAILURE', count: 9 },
  ] as const
  const days = buildDays(rows, now)
  expect(days).toHaveLength(shownDays)
  expect(days[0]).toEqual({ day: firstDay(now).toISOString().slice(0, 10), success: 0, unstable: 0, failure: 0, aborted: 0, open: 0 })
  expect(days.at(-1)).toMatchObject({ day: '2026-03-01', success: 3, open: 3 })
  expect(days.at(-2)).toMatchObject({ day: '2026-02-28', aborted: 2, failure: 0 })
  expect(days.reduce((sum, day) => sum + day.failure, 0)).toBe(0)
})

it('the success rate is of what came to a result', () => {
  const day = { day: '2026-03-01', success: 0, unstable: 0, failure: 0, aborted: 4, open: 3 }
  expect(successRate([day])).toBeNull()
  expect(successRate([{ ...day, success: 6, unstable: 1, failure: 1 }])).toBe(0.75)
})

it('months and days begin in UTC', () => {
  expect(monthStart(now - 12 * 3_600_000).toISOString()).toBe('2026-03-01T00:00:00.000Z')
  expect(monthStart(now - 13 * 3_600_000).toISOString()).toBe('2026-02-01T00:00:00.000Z')
  expect(firstDay(now).toISOString()).toBe('2026-01-31T00:00:00.000Z')
})
