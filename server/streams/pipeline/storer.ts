import type { Clock } from '@/server/core/clock.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import { sealContext } from '@/server/streams/rules.ts'
import type { SegmentRef, StreamHead } from '@/server/streams/schema.ts'
import type { Packed } from './types.ts'

/** A segment as it is stored. */
export interface SealedSegment extends SegmentRef {
  codec: string
  sealed: Buffer
}

/** What the storer needs of the database and the vault, for one stream. */
export interface Storage {
  head(): Promise<StreamHead | null>
  /** Moves the head and inserts, whole or not at all; false where the head is not where the first segment starts. */
  append(segments: readonly SealedSegment[]): Promise<boolean>
  isStored(segment: SealedSegment): Promise<boolean>
  seal(context: string, plain: Buffer): Promise<Buffer>
}

/** A database that is away may come back; this long a writer keeps its lines. */
const giveUpMs = 60_000
const backoffMs = [20, 50, 100, 250, 500, 1_000, 2_000] as const

/**
 * Appends packed batches behind whatever the stream holds by then. Lines get their numbers here, by compare-and-set on the head, so
 * several processes may write one stream and its numbers stay gap-free.
 */
export function makeStorer(streamId: string, storage: Storage, clock: Clock) {
  let nextSeq: number | null = null

  async function place(): Promise<number> {
    if (nextSeq !== null) return nextSeq
    const head = await storage.head()
    if (!head) throw new AppError('NOT_FOUND', 'There is no such stream.')
    if (head.closed) throw new AppError('CONFLICT', 'This stream is closed: nothing can be written to it any more.')
    return head.nextSeq
  }

  async function sealAll(group: readonly Packed[], start: number): Promise<SealedSegment[]> {
    const segments: SealedSegment[] = []
    let firstSeq = start
    for (const { tag, at, lines: count, codec, packed } of group) {
      const sealed = await storage.seal(sealContext(streamId, { firstSeq, count, codec, tag }), packed)
      segments.push({ firstSeq, count, tag, at: new Date(at).toISOString(), codec, sealed })
      firstSeq += count
    }
    return segments
  }

  /**
   * Stores a group whole. `unsure` holds attempts whose answer was lost: each is looked for before another is made, since a
   * nonce tells two attempts apart.
   * @returns the head after it
   * @throws AppError where the stream is closed or gone, the database's error where it stayed away too long
   */
  async function store(group: readonly Packed[]): Promise<number> {
    const lines = group.reduce((sum, packed) => sum + packed.lines, 0)
    const unsure: SealedSegment[] = []
    const started = clock.now()
    for (let attempt = 0; ; attempt++) {
      let tried: SealedSegment | undefined
      try {
        for (const segment of unsure) if (await storage.isStored(segment)) return segment.firstSeq + lines
        const start = await place()
        const segments = await sealAll(group, start)
        tried = segments[0]
        if (await storage.append(segments)) return start + lines
        // Another writer was there first; the place is asked for again, and a crowd is met with a little patience.
        nextSeq = null
        tried = undefined
        if (attempt > 2) await clock.sleep(clock.random() * 10)
      } catch (error) {
        if (isAppError(error) || clock.now() - started > giveUpMs) throw error
        if (tried) unsure.push(tried)
        nextSeq = null
        await clock.sleep(backoffMs[Math.min(attempt, backoffMs.length - 1)] as number)
      }
    }
  }

  return {
    async store(group: readonly Packed[]): Promise<number> {
      nextSeq = await store(group)
      return nextSeq
    },
  }
}
