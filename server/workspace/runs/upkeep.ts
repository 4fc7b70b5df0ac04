import { projectFromEvent } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { deleteStreamsOf } from '@/server/streams/service.ts'
import * as data from '../data.ts'

/** So long after its end a run's events can still be asked for: whoever was away reads them, then its message, which has all of it. */
const keptMs = 3_600_000

/**
 * For now and then: removes the streams of all runs that are over; what they said stands in their messages. Gives how many there were.
 * @param atOnce how many are looked at together
 */
export async function removeOldStreams(atOnce = 500): Promise<number> {
  const before = new Date(registry('clock').now() - keptMs)
  for (let removed = 0; ; ) {
    const rows = await data.endedStreams(before, atOnce)
    for (const { id, streamId, session } of rows) {
      // Its session names the space, which is there as long as the row is, whatever became of its person.
      await deleteStreamsOf(projectFromEvent({ projectId: session.spaceId }), [streamId])
      await data.forgetStream(id)
    }
    removed += rows.length
    if (rows.length < atOnce) return removed
  }
}
