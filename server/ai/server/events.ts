/** An event that is longer is passed on in pieces rather than held. */
const mostHeldBytes = 1024 * 1024
const blankLines = [Buffer.from('\n\n'), Buffer.from('\n\r\n')]

/** Where the first event of `bytes` ends, or -1. */
function endOfEvent(bytes: Buffer, from: number): number {
  const ends = blankLines.map((blank) => {
    const at = bytes.indexOf(blank, from)
    return at < 0 ? Number.POSITIVE_INFINITY : at + blank.length
  })
  const first = Math.min(...ends)
  return Number.isFinite(first) ? first : -1
}

/** Cuts a stream of bytes where its events end. */
export interface Splitter {
  /** The events that are complete with these bytes. */
  push(bytes: Buffer): Buffer[]
  /** What has come of an event that never ended. */
  rest(): Buffer[]
}

/** Cuts an event stream into its events, blank lines included, so that joined they are the stream again. */
export function makeSplitter(): Splitter {
  let held: Buffer = Buffer.alloc(0)
  return {
    push(bytes) {
      // The blank line may stand across the border of two pieces; what was searched before is not searched again.
      let searchFrom = Math.max(0, held.length - 2)
      let from = 0
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      const events: Buffer[] = []
      for (let end = endOfEvent(all, searchFrom); end >= 0; end = endOfEvent(all, searchFrom)) {
        events.push(all.subarray(from, end))
        from = searchFrom = end
      }
      held = all.subarray(from)
      return held.length > mostHeldBytes ? [...events, ...this.rest()] : events
    },
    rest() {
      const left = held.length > 0 ? [held] : []
      held = Buffer.alloc(0)
      return left
    },
  }
}
