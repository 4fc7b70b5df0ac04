'use client'

import { useFormatter } from 'next-intl'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size in the largest unit that leaves a whole part. */
export function ByteSize({ bytes }: { bytes: number }) {
  const format = useFormatter()
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1024)) : 0)
  const value = bytes / 1024 ** power
  return (
    <span className="tabular whitespace-nowrap">
      {format.number(value, {
        style: 'unit',
        unit: units[power],
        unitDisplay: 'narrow',
        maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
      })}
    </span>
  )
}
