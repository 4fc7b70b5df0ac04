import { countLines, cutMarkLine, lineBreak, maxLineBytes, segmentBytes, segmentLines } from '@/server/streams/rules.ts'
import type { Batch } from './types.ts'

/** The largest cut at or before `end` that splits no UTF-8 character. */
function characterBoundary(bytes: Uint8Array, end: number): number {
  for (let back = 0; back < 4 && end - back > 0; back++) {
    const next = bytes[end - back]
    if (next === undefined || (next & 0xc0) !== 0x80) return end - back
  }
  return end
}

/**
 * Cuts what is written into batches of whole lines, one open batch for each tag; there is no work for each line, they are only counted.
 * `full` takes each batch that reached its bound. The bytes are kept, not copied: the caller must not change them afterwards.
 */
export function makeGatherer(full: (batch: Batch) => void) {
  const open = new Map<string, Batch>()
  const partial = new Map<string, { parts: Buffer[]; bytes: number }>()

  /** Takes bytes that end with a line break and hold no line over the bound. */
  function append(tag: string, bytes: Buffer, at: number): void {
    const batch = open.get(tag) ?? { tag, at, parts: [], bytes: 0, lines: 0 }
    open.set(tag, batch)
    batch.parts.push(bytes)
    batch.bytes += bytes.length
    batch.lines += countLines(bytes)
    if (batch.bytes < segmentBytes && batch.lines < segmentLines) return
    open.delete(tag)
    full(batch)
  }

  /** Goes through bytes that start at the beginning of a line, a window of one longest line at a time. */
  function cut(tag: string, bytes: Buffer, at: number): void {
    let start = 0
    while (start < bytes.length) {
      const window = bytes.subarray(start, start + maxLineBytes + 1)
      const last = window.lastIndexOf(lineBreak)
      if (last >= 0) {
        append(tag, window.subarray(0, last + 1), at)
        start += last + 1
      } else if (window.length <= maxLineBytes) {
        partial.set(tag, { parts: [window], bytes: window.length })
        return
      } else {
        const end = characterBoundary(window, maxLineBytes)
        append(tag, Buffer.concat([window.subarray(0, end), cutMarkLine]), at)
        start += end
      }
    }
  }

  return {
    write(tag: string, bytes: Buffer, at: number): void {
      const kept = partial.get(tag)
      if (!kept) {
        cut(tag, bytes, at)
        return
      }
      const end = bytes.indexOf(lineBreak) + 1
      if (end === 0 && kept.bytes + bytes.length <= maxLineBytes) {
        kept.parts.push(bytes)
        kept.bytes += bytes.length
        return
      }
      partial.delete(tag)
      cut(tag, Buffer.concat([...kept.parts, end === 0 ? bytes : bytes.subarray(0, end)]), at)
      if (end > 0) cut(tag, bytes.subarray(end), at)
    },
    /** Ends the lines that have not ended yet: those of one tag, or of all. */
    endPartials(at: number, tag?: string): void {
      for (const [name, kept] of [...partial]) {
        if (tag !== undefined && name !== tag) continue
        partial.delete(name)
        append(name, Buffer.concat([...kept.parts, Buffer.from('\n')]), at)
      }
    },
    /** The open batches, oldest first; they are the caller's from now on. */
    take(): Batch[] {
      const taken = [...open.values()]
      open.clear()
      return taken
    },
    /** What is held back because its line has not ended. */
    get partialBytes() {
      let bytes = 0
      for (const kept of partial.values()) bytes += kept.bytes
      return bytes
    },
  }
}
