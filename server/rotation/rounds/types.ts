import { z } from 'zod'

/** Where a round is within a pass over all sources; kept as text in the round's row. */
export const positionSchema = z.object({
  /** A pass that found nothing ends the round. */
  pass: z.number().int(),
  /** When this pass began. */
  since: z.number(),
  /** What this pass sealed anew so far, and what it found unreadable. */
  found: z.number().int(),
  unreadable: z.number().int(),
  /** After which row of its source it goes on. */
  after: z.string().nullable(),
  /** Milliseconds of work, without the waits between passes. */
  workedMs: z.number(),
})
export type Position = z.infer<typeof positionSchema>

/** How much a stretch of work may do. */
export interface Stretch {
  /** After this long it lets go, so that whoever runs it can be stopped. */
  forMs: number
  bytesPerSecond: number
  /** Bytes that are read at once; one larger row is taken alone. */
  sliceBytes?: number
}

/** What became of a stretch: the round goes on after `waitMs`, or is over for whoever worked on it. */
export interface Outcome {
  over: boolean
  waitMs: number
}
