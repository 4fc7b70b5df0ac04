import { expect, it } from 'vitest'
import { entryOf, median, percentile } from './figures.ts'

it('takes the median and the nearest-rank percentile', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10)
  expect(percentile([5, 1, 3], 0.5)).toBe(3)
})

it('compares with the baseline of the same run and with the goal', () => {
  const figure = { what: 'p50', unit: 'ms', runs: [10, 12, 11, 13, 9], baseline: [5, 6, 5, 5, 7], goal: { atMost: 11 } }
  expect(entryOf(figure)).toEqual({ value: 11, unit: 'ms', baseline: 5, ratio: 2.2, goal: '<= 11', ok: true })
  expect(entryOf({ ...figure, goal: { atLeast: 12 } }).ok).toBe(false)
})

it('accepts nothing that ran fewer than five times', () => {
  expect(entryOf({ what: 'p50', unit: 'ms', runs: [1], baseline: null, goal: { atMost: 11 } }).ok).toBe(false)
})
