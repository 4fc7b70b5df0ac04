export type DurationParts =
  | { unit: 'ms'; ms: string }
  | { unit: 's'; s: string }
  | { unit: 'min'; min: string; s: string }
  | { unit: 'h'; h: string; min: string }

const two = (value: number) => String(value).padStart(2, '0')

/** Splits a length of time, in milliseconds, into what is worth reading: never more than two units. Below zero counts as zero. */
export function durationParts(lengthMs: number): DurationParts {
  const ms = Math.max(0, lengthMs)
  if (ms < 1_000) return { unit: 'ms', ms: String(Math.floor(ms)) }
  if (ms < 60_000) return { unit: 's', s: (Math.floor(ms / 100) / 10).toFixed(1) }
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 3_600) return { unit: 'min', min: String(Math.floor(seconds / 60)), s: two(seconds % 60) }
  const minutes = Math.floor(seconds / 60)
  return { unit: 'h', h: String(Math.floor(minutes / 60)), min: two(minutes % 60) }
}
