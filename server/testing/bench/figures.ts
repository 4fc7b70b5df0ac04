import type { Entry, Figure } from './types.ts'

/** The middle value; the mean of the two in the middle where there is an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The smallest value that at least `share` (0 to 1) of all values do not exceed: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

const round = (value: number) => Number(value.toPrecision(4))

/** What is reported of a figure: medians, their ratio, and whether the value meets the goal. */
export function entryOf(figure: Figure): Entry {
  const value = median(figure.runs)
  const baseline = figure.baseline && figure.baseline.length > 0 ? median(figure.baseline) : null
  const ok = 'atMost' in figure.goal ? value <= figure.goal.atMost : value >= figure.goal.atLeast
  return {
    value: round(value),
    unit: figure.unit,
    baseline: baseline === null ? null : round(baseline),
    ratio: baseline ? round(value / baseline) : null,
    goal: 'atMost' in figure.goal ? `<= ${figure.goal.atMost}` : `>= ${figure.goal.atLeast}`,
    ok: figure.runs.length >= 5 && ok,
  }
}
