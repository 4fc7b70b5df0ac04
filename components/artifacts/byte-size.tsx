'use client'

import { useFormatter } from 'next-intl'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Sizes as text, in the largest unit that leaves a whole part, for where they stand inside a sentence. */
export function useByteText(): (bytes: number) => string {
  const format = useFormatter()
  return (bytes) => {
    const power = Math.min(units.length - 1, bytes > 0 ? Math.max(0, Math.floor(Math.log(bytes) / Math.log(1024))) : 0)
    const value = bytes / 1024 ** power
    return format.number(value, {
      style: 'unit',
      unit: units[power],
      unitDisplay: 'narrow',
      maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
    })
  }
}

/** A size in the largest unit that leaves a whole part. */
export function ByteSize({ bytes }: { bytes: number }) {
  const textOf = useByteText()
  return <span className="tabular whitespace-nowrap">{textOf(bytes)}</span>
}
