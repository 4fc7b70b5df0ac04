import { actorFromEvent, spaceForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import { deleteStreamsOf } from '@/server/streams/service.ts'
import * as data from '../data.ts'

/** So long after its end a run's events can still be asked for: whoever was away reads them, then its message, which has all of it. */
const keptMs = 3_600_000
const atOnce = 500

/** For now and then: removes the streams of runs that are over; what they said stands in their messages. Gives how many there were. */
export async function removeOldStreams(): Promise<number> {
  const rows = await data.endedStreams(new Date(registry('clock').now() - keptMs), atOnce)
  for (const { id, streamId, ownerId } of rows) {
    await deleteStreamsOf(await spaceForActor(actorFromEvent({ userId: ownerId })), [streamId])
    await data.forgetStream(id)
  }
  return rows.length
}
