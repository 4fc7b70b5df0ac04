/** A longer line is cut into pieces; every piece but the last ends with the mark. */
export const maxLineBytes = 64 * 1024
export const cutMark = ' \u21a9'
export const cutMarkLine = Buffer.from(`${cutMark}\n`)

/** A segment is closed once it holds this much; one write may carry it over by a window (64 KB) or a line. */
export const segmentBytes = 256 * 1024
export const segmentLines = 5_000
/** No segment's text is longer than this; invalid bytes may triple while they are replaced. */
export const maxSegmentBytes = 4 * (segmentBytes + 2 * maxLineBytes)

export const lineBreak = 0x0a

/** Counts line breaks, four bytes at a time: it is the one thing that is done to every byte on the main thread. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0
  let i = 0
  for (; i < bytes.length && (bytes.byteOffset + i) % 4 !== 0; i++) if (bytes[i] === lineBreak) lines++
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, (bytes.length - i) >> 2)
  for (let k = 0; k < words.length; k++) {
    // A byte of `other` is zero where there was a line break; of `hits` the top bit of exactly those bytes is left.
    const other = (words[k] as number) ^ 0x0a0a0a0a
    const hits = ~(((other & 0x7f7f7f7f) + 0x7f7f7f7f) | other | 0x7f7f7f7f)
    if (hits !== 0) lines += Math.imul(hits >>> 7, 0x01010101) >>> 24
  }
  for (i += words.length * 4; i < bytes.length; i++) if (bytes[i] === lineBreak) lines++
  return lines
}

/** What a segment's seal is bound to, besides its project: its place, its shape and its voice. */
export const sealContext = (streamId: string, segment: { firstSeq: number; count: number; codec: string; tag: string }) =>
  `stream/${streamId}/${segment.firstSeq}/${segment.count}/${segment.codec}/${segment.tag}`

/** Undoes the cutting of long lines, so that a download holds what was printed. `text` is whole lines, without the last break. */
export function joinPieces(text: Buffer): Buffer {
  if (!text.includes(cutMarkLine)) return text
  const parts: Buffer[] = []
  let start = 0
  for (let at = text.indexOf(cutMarkLine); at >= 0; at = text.indexOf(cutMarkLine, at + 1)) {
    const lineStart = text.lastIndexOf(lineBreak, at) + 1
    // A line that merely ends with the mark is shorter than a piece.
    if (at - lineStart < maxLineBytes - 3) continue
    parts.push(text.subarray(start, at))
    start = at + cutMarkLine.length
  }
  return Buffer.concat([...parts, text.subarray(start)])
}
