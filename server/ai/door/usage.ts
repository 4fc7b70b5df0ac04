import { usageAfterEvent, usageOfJson } from '../rules.ts'
import type { Usage } from '../schema.ts'

const lineFeed = 0x0a
const usageWord = Buffer.from('"usage"')

/** Reads an event stream's usage while it passes. Most of it is words, which are not even decoded. */
export function usageOfStream(): { see(bytes: Buffer): void; usage(): Usage } {
  let usage = usageOfJson('')
  let rest: Buffer[] = []
  const read = (lines: Buffer) => {
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
  }
}
