import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { readStream } from '@/server/streams/service.ts'
import type { RunEvent } from '../schema.ts'

const pageLines = 5_000

/**
 * Events of a run as its stream has them, after a number, so many at least where there are.
 * @throws AppError UNAVAILABLE where a segment cannot be opened
 */
export async function readEvents(
  spaceId: ProjectId,
  streamId: string,
  after: number,
  limit: number,
): Promise<{ from: number; events: RunEvent[] }> {
  const events: RunEvent[] = []
  for (let from = after + 1; events.length < limit; from = after + 1 + events.length) {
    const { head, chunks } = await readStream(spaceId, { streamId, from, limit: Math.min(limit, pageLines) })
    for (const { firstSeq, text } of chunks) {
      if (text === null)
        throw new AppError('UNAVAILABLE', 'What was stored of this answer cannot be opened.', undefined, { key: 'runUnreadable' })
      const lines = text.split('\n')
      // The first segment of a page may begin before the line that was asked for.
      const skip = Math.max(0, after + 1 + events.length - firstSeq)
      for (const line of lines.slice(skip)) events.push(JSON.parse(line) as RunEvent)
    }
    if (chunks.length === 0 || after + 1 + events.length >= head.nextSeq) break
  }
  return { from: after + 1, events }
}
