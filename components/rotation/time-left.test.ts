import { expect, it } from 'vitest'
import { leftMs } from './time-left.tsx'

const startedAt = '2026-04-01T00:00:00.000Z'
const at = (seconds: number) => Date.parse(startedAt) + seconds * 1_000

it('tells how much longer a round takes if it goes on as it went', () => {
  expect(leftMs({ startedAt, done: 250, total: 1_000 }, at(10))).toBe(30_000)
  expect(leftMs({ startedAt, done: 1_000, total: 1_000 }, at(10))).toBe(0)
})

it('says nothing where nothing can be told', () => {
  expect(leftMs({ startedAt, done: 0, total: null }, at(10))).toBeNull()
  expect(leftMs({ startedAt, done: 0, total: 1_000 }, at(10))).toBeNull()
  expect(leftMs({ startedAt, done: 500, total: 1_000 }, at(1))).toBeNull()
  expect(leftMs({ startedAt, done: 0, total: 0 }, at(10))).toBeNull()
})
