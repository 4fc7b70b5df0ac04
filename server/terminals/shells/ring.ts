import type { Piece } from './types.ts'

/** What comes in smaller pieces is put together: a program that says byte after byte would have as many of them looked through each time. */
const pieceBytes = 4_096

/** Keeps the last bytes of an output that never ends, by their numbers. */
export function makeRing(capacity: number) {
  const pieces: Buffer[] = []
  let [start, end] = [0, 0]
  return {
    /** Where what is kept begins, and where the next byte will stand. */
    start: () => start,
    end: () => end,
    add(data: Buffer): void {
      const last = pieces.at(-1)
      if (last && last.length + data.length <= pieceBytes) pieces[pieces.length - 1] = Buffer.concat([last, data])
      else pieces.push(data)
      end += data.length
      while (pieces[0] && end - start - pieces[0].length >= capacity) start += pieces.shift()?.length ?? 0
    },
    /** At most so much of what follows a byte; begins later where that long ago is kept no more. */
    after(at: number, most = Number.POSITIVE_INFINITY): Piece {
      const from = Math.min(Math.max(at, start), end)
      const data: Buffer[] = []
      let [position, room] = [start, most]
      for (const piece of pieces) {
        const skip = Math.max(0, from - position)
        position += piece.length
        if (skip >= piece.length || room <= 0) continue
        const part = piece.subarray(skip, skip + room)
        data.push(part)
        room -= part.length
      }
      return { at: from, data: Buffer.concat(data) }
    },
  }
}
export type Ring = ReturnType<typeof makeRing>
