'use client'

import { useFormatter } from 'next-intl'
import { useMemo } from 'react'

/** Writers of what a model's work takes: tokens in short, and dollars to the hundredth of a cent where there are few. */
export function useAmounts() {
  const format = useFormatter()
  return useMemo(
    () => ({
      tokens: (count: number) => format.number(count, { notation: 'compact', maximumFractionDigits: 1 }),
      cost: (micros: number) =>
        format.number(micros / 1_000_000, {
          style: 'currency',
          currency: 'USD',
          maximumFractionDigits: micros > 0 && micros < 100_000 ? 4 : 2,
        }),
      bytes: (bytes: number) =>
        bytes < 1_000_000
          ? format.number(Math.ceil(bytes / 1_000), { style: 'unit', unit: 'kilobyte' })
          : format.number(bytes / 1_000_000, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }),
    }),
    [format],
  )
}
