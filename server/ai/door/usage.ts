import { usageAfterEvent, usageOfJson } from '../rules.ts'
import type { Usage } from '../schema.ts'

const lineFeed = 0x0a
const usageWord = Buffer.from('"usage"')
const deltaWord = Buffer.from('event: content_block_delta')

function timesIn(bytes: Buffer, word: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + word.length)) count++
  return count
}

/**
 * Reads an event stream's usage while it passes. Most of it is words, which are not even decoded. A stream that is cut off never tells its
 * output; every piece of it holds a token at least, and so many are counted then.
 */
export function usageOfStream(): { see(bytes: Buffer): void; usage(): Usage; usageOfCut(): Usage } {
  let usage = usageOfJson('')
  let pieces = 0
  let rest: Buffer[] = []
  const read = (lines: Buffer) => {
    pieces += timesIn(lines, deltaWord)
    if (!lines.includes(usageWord)) return
    for (const line of lines.toString().split('\n')) if (line.startsWith('data:')) usage = usageAfterEvent(usage, line.slice(5))
  }
  return {
    see(bytes) {
      const end = bytes.lastIndexOf(lineFeed) + 1
      if (end > 0) {
        read(rest.length > 0 ? Buffer.concat([...rest, bytes.subarray(0, end)]) : bytes.subarray(0, end))
        rest = []
      }
      if (end < bytes.length) rest.push(bytes.subarray(end))
    },
    usage: () => usage,
    usageOfCut: () => ({ ...usage, output_tokens: Math.max(usage.output_tokens, pieces) }),
  }
}
