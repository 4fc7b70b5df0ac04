import type { Chunk, SegmentRef, StreamHead } from '@/server/streams/schema.ts'
import type { StreamLine } from './stream-view.ts'

/** What is kept of lines that were loaded; beyond either bound what was looked at longest ago is dropped and loaded again if needed. */
export interface CacheBounds {
  lines: number
  characters: number
}
const defaultBounds: CacheBounds = { lines: 60_000, characters: 24_000_000 }

interface Held {
  firstSeq: number
  end: number
  tag: string
  at: string
  texts: string[] | null
  characters: number
  used: number
}

/** The index in an ascending list of the last entry whose value is at most `wanted`, or -1. */
function lastAtMost<T>(list: readonly T[], wanted: number, of: (entry: T) => number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (of(list[middle] as T) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Where the lines of a view lie: the whole stream is one run that grows; a tag's lines are many. */
function makePlaces(tag: string | undefined) {
  const runs: { firstSeq: number; position: number; count: number }[] = []
  let total = 0
  /** Every line up to this number is accounted for. */
  let known = 0

  function add(firstSeq: number, count: number): void {
    const last = runs.at(-1)
    if (last && last.firstSeq + last.count === firstSeq) last.count += count
    else runs.push({ firstSeq, position: total, count })
    total += count
  }

  return {
    get total() {
      return total
    },
    get known() {
      return known
    },
    /** Takes the index's entries behind what is known; `coveredTo` is the last line they speak for. */
    extend(segments: readonly Pick<SegmentRef, 'firstSeq' | 'count' | 'tag'>[], coveredTo: number): void {
      for (const { firstSeq, count, tag: voice } of segments) {
        // A run of the index may begin with lines that a live chunk has told before.
        const start = Math.max(firstSeq, known + 1)
        const fresh = firstSeq + count - start
        if (fresh <= 0) continue
        if (tag === undefined || voice === tag) add(start, fresh)
        known = start + fresh - 1
      }
      known = Math.max(known, coveredTo)
    },
    seqAt(position: number): number | undefined {
      const run = runs[lastAtMost(runs, position, (entry) => entry.position)]
      return run && position < run.position + run.count ? run.firstSeq + position - run.position : undefined
    },
    positionOf(seq: number): number {
      const run = runs[lastAtMost(runs, seq, (entry) => entry.firstSeq)]
      return run ? run.position + Math.min(seq - run.firstSeq, run.count) : 0
    },
  }
}

/**
 * The fold of everything a console hears of a stream: heads, the index, chunks, in any order and any number of times. Pure but for its
 * own state; it neither reads a clock nor asks for anything.
 */
export function makeStreamLines(tag?: string, bounds: CacheBounds = defaultBounds) {
  const places = makePlaces(tag)
  const held: Held[] = []
  let head: Omit<StreamHead, 'streamId'> = { nextSeq: 1, closed: false }
  let tick = 0
  let lines = 0
  let characters = 0

  const holding = (seq: number): Held | undefined => {
    const found = held[lastAtMost(held, seq, (entry) => entry.firstSeq)]
    return found && seq < found.end ? found : undefined
  }

  function forget(): void {
    while (held.length > 1 && (lines > bounds.lines || characters > bounds.characters)) {
      let oldest = 0
      for (let i = 1; i < held.length; i++) if ((held[i] as Held).used < (held[oldest] as Held).used) oldest = i
      const [dropped] = held.splice(oldest, 1) as [Held]
      lines -= dropped.end - dropped.firstSeq
      characters -= dropped.characters
    }
  }

  return {
    get total() {
      return places.total
    },
    get closed() {
      return head.closed
    },
    /** The last line the stream is known to have. */
    get lastSeq() {
      return head.nextSeq - 1
    },
    /** Lines up to this number have their place; with a tag the index has to be asked for the rest. */
    get indexedTo() {
      return places.known
    },
    /** A head never goes back, whatever order the messages come in. */
    addHead(told: Pick<StreamHead, 'nextSeq' | 'closed'>): void {
      head = { nextSeq: Math.max(head.nextSeq, told.nextSeq), closed: head.closed || told.closed }
      if (tag === undefined && places.known < head.nextSeq - 1) {
        const firstSeq = places.known + 1
        places.extend([{ firstSeq, count: head.nextSeq - firstSeq, tag: '' }], head.nextSeq - 1)
      }
    },
    addIndex(segments: readonly SegmentRef[], coveredTo: number): void {
      places.extend(segments, coveredTo)
    },
    /** Takes a chunk once; a second time it changes nothing. */
    addChunk({ firstSeq, count, tag: voice, at, text }: Chunk): void {
      const end = firstSeq + count
      if (tag !== undefined && firstSeq === places.known + 1) places.extend([{ firstSeq, count, tag: voice }], end - 1)
      if ((tag !== undefined && voice !== tag) || holding(firstSeq)) return
      const size = text?.length ?? 0
      held.splice(lastAtMost(held, firstSeq, (entry) => entry.firstSeq) + 1, 0, {
        ...{ firstSeq, end, tag: voice, at, characters: size, used: ++tick },
        texts: text?.split('\n') ?? null,
      })
      lines += count
      characters += size
      forget()
    },
    lineAt(position: number): StreamLine | undefined {
      const seq = places.seqAt(position)
      const found = seq === undefined ? undefined : holding(seq)
      if (seq === undefined || !found) return undefined
      return { seq, text: found.texts ? (found.texts[seq - found.firstSeq] ?? '') : null, tag: found.tag, at: found.at }
    },
    seqAt: (position: number) => places.seqAt(position),
    positionOf: (seq: number) => places.positionOf(seq),
    /**
     * The first line in `[start, end)` that is not loaded, and how many are missing from there, counted up to `reach` at most. What is
     * loaded in the range counts as looked at.
     */
    firstMissing(start: number, end: number, reach = end): { seq: number; count: number } | undefined {
      for (let position = Math.max(0, start); position < Math.min(end, places.total); ) {
        const seq = places.seqAt(position) as number
        const found = holding(seq)
        if (!found) {
          const next = held[lastAtMost(held, seq, (entry) => entry.firstSeq) + 1]
          return { seq, count: Math.min(reach, places.total, next ? places.positionOf(next.firstSeq) : reach) - position }
        }
        found.used = ++tick
        position = Math.max(position + 1, places.positionOf(found.end))
      }
      return undefined
    },
  }
}
