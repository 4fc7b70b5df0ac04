import { z } from 'zod'

/** Some consecutive lines of one tag, as readers get them. Line `i` has the number `firstSeq + i` and the time `at`. */
export const chunkSchema = z.object({
  firstSeq: z.number().int().min(1),
  count: z.number().int().min(1),
  /** The stage's key for a build's console; '' where a stream has one voice. */
  tag: z.string(),
  at: z.iso.datetime(),
  /** `count` lines joined by "\n", without a last line break; null where the segment could not be opened. */
  text: z.string().nullable(),
})
export type Chunk = z.infer<typeof chunkSchema>

/** Where a stream stands: lines are numbered 1 … nextSeq - 1; a closed one grows no more. */
export const headSchema = z.object({
  streamId: z.string(),
  nextSeq: z.number().int().min(1),
  closed: z.boolean(),
})
export type StreamHead = z.infer<typeof headSchema>

/** One segment's place without its content; the console's index, so a view can jump anywhere. */
export const segmentRefSchema = chunkSchema.omit({ text: true })
export type SegmentRef = z.infer<typeof segmentRefSchema>

export const streamIdSchema = z.string().regex(/^[\w-]{1,64}$/, 'the id of a stream')
export const tagSchema = z
  .string()
  .max(200)
  .regex(/^\P{Cc}*$/u, 'the key of a stage')

export const readInput = z.object({
  service: z.string(),
  streamId: streamIdSchema,
  /** First line wanted. */
  from: z.number().int().min(1).default(1),
  /** Whole segments are returned until this many lines are reached. */
  limit: z.number().int().min(1).max(20_000).default(5_000),
  tag: tagSchema.optional(),
})

export const readOutput = z.object({ head: headSchema, chunks: z.array(chunkSchema) })
export const indexInput = z.object({
  service: z.string(),
  streamId: streamIdSchema,
  tag: tagSchema.optional(),
  after: z.number().int().min(0).default(0),
})
/**
 * Neighbouring segments of one tag come as one entry. `after` leaves out what starts at that line or before it; `next` is the `after` of
 * the next page, or null where the index reaches the head.
 */
export const indexOutput = z.object({ head: headSchema, segments: z.array(segmentRefSchema), next: z.number().int().nullable() })

/** Socket events. The client opens, the server acknowledges the head, then says `stream:more` for what is stored from then on. */
export interface StreamServerEvents {
  /** `chunk` is given while it is small (64 KB); without it the client reads from its cursor. */
  'stream:more': (message: { head: StreamHead; chunk?: Chunk }) => void
}
export interface StreamClientEvents {
  'stream:open': (
    input: { service: string; streamId: string },
    ack: (answer: { head: StreamHead } | { error: { code: string; message: string } }) => void,
  ) => void
  'stream:close': (input: { streamId: string }) => void
}
