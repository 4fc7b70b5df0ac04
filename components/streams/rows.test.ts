import { expect, it } from 'vitest'
import { rowAt, rowsHeight, rowTop } from './rows.ts'

const rows = {
  count: 1_000_000,
  height: 20,
  opened: [
    { position: 10, extra: 100 },
    { position: 11, extra: 40 },
    { position: 500_000, extra: 7 },
  ],
}

it('adds what opened rows take', () => {
  expect(rowsHeight(rows)).toBe(20_000_147)
  expect(rowTop(rows, 10)).toBe(200)
  expect(rowTop(rows, 11)).toBe(320)
  expect(rowTop(rows, 12)).toBe(380)
  expect(rowTop(rows, 600_000)).toBe(12_000_147)
})

it('finds the row of every pixel', () => {
  for (const position of [0, 9, 10, 11, 12, 13, 499_999, 500_000, 500_001, 999_999]) {
    const top = rowTop(rows, position)
    expect(rowAt(rows, top)).toBe(position)
    expect(rowAt(rows, rowTop(rows, position + 1) - 1)).toBe(position)
  }
  expect(rowAt(rows, 99_999_999)).toBe(999_999)
  expect(rowAt({ count: 0, height: 20, opened: [] }, 50)).toBe(0)
})
