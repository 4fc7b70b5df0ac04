import { AppError } from '@/server/core/errors.ts'
import type { ActorId } from '@/server/core/gates.ts'
import * as data from '../data.ts'

/** Builds that one person may have in the queue or at work: everybody waits for the same executors. */
export const openBuildsPerPerson = 20

/**
 * Sees to it that nobody fills the queue for all others. A request that has its build already is not counted.
 * @throws AppError TOO_MANY_REQUESTS
 */
export async function roomInQueue(actorId: ActorId, requestId: string): Promise<void> {
  if ((await data.countOpenBuildsOf(actorId, requestId)) < openBuildsPerPerson) return
  throw new AppError(
    'TOO_MANY_REQUESTS',
    `${openBuildsPerPerson} of your builds are waiting or at work. Wait for one to end, or abort one.`,
  )
}
