import { expect, it } from 'vitest'
import { ledgerDays } from '@/server/ai/schema.ts'
import { daysBetween } from './ledger-days.tsx'

const day = (day: string, bytes = 1) => ({ day, calls: 1, bytes, costMicros: 0, demoMicros: 0 })

it('days on which nothing was sent have their place', () => {
  const shown = daysBetween([day('2026-02-27'), day('2026-03-02', 5)])
  expect(shown).toHaveLength(14)
  expect(shown.slice(-4).map(({ day, bytes }) => [day, bytes])).toEqual([
    ['2026-02-27', 1],
    ['2026-02-28', 0],
    ['2026-03-01', 0],
    ['2026-03-02', 5],
  ])
})

it('too many days are cut to the last ones, and none is none', () => {
  const shown = daysBetween([day('2025-01-01'), day('2026-03-02')])
  expect(shown).toHaveLength(ledgerDays)
  expect(shown.at(-1)?.day).toBe('2026-03-02')
  expect(daysBetween([])).toEqual([])
})
