import type { Codec } from '@/server/streams/codecs/types.ts'

/**
 * What is written goes through three parts: the gatherer makes batches of whole lines, the packer compresses a few at a time in the
 * thread pool, the storer seals and appends them in order.
 */
/** Whole lines of one tag, each with its line break. */
export interface Batch {
  tag: string
  /** When its first line came, in milliseconds since the epoch. */
  at: number
  parts: Buffer[]
  bytes: number
  lines: number
}

/** A batch that is ready to be sealed. */
export interface Packed {
  tag: string
  at: number
  lines: number
  /** What the batch weighed before, for the writer's account of what it holds. */
  bytes: number
  codec: Codec['name']
  packed: Buffer
}
