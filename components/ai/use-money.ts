'use client'

import { useFormatter } from 'next-intl'

const perUnit = 1_000_000

/** Millionths of a US dollar as people write money; small sums keep their small parts. */
export function useMoney(): (micros: number) => string {
  const format = useFormatter()
  return (micros) =>
    format.number(micros / perUnit, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      maximumFractionDigits: micros !== 0 && Math.abs(micros) < perUnit ? 4 : 2,
    })
}
