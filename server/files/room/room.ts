import type { Tx } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { forgetContents, keptBytesIn } from '../changes/store.ts'
import type { TakeRoom } from '../changes/types.ts'
import * as data from '../data.ts'
import type { Place } from '../packs/types.ts'
import { noteWrite } from '../tree/locks.ts'
import { heldOf } from './held.ts'
import { measureAlone } from './weigh.ts'

/** Bytes that a person may still store, and of how many. */
export async function diskRoom(spaceId: ProjectId): Promise<{ used: number; limit: number; left: number }> {
  const limit = env().MAESTRO_CHAT_DISK_MB * 1024 ** 2
  const used = (await data.usedBytes(spaceId)) + heldOf(spaceId)
  return { used, limit, left: Math.max(0, limit - used) }
}

/** Refuses in words what does not fit any more. */
export function noRoom(): AppError {
  const mb = env().MAESTRO_CHAT_DISK_MB
  const words = `The files of all your conversations together may have ${mb} MB. Delete some files or conversations first.`
  return new AppError('TOO_LARGE', words, undefined, { key: 'diskQuota', values: { mb } })
}

/** @throws AppError TOO_LARGE where a person's quota has no room for so many more bytes */
export async function checkRoom(spaceId: ProjectId, bytes: number): Promise<void> {
  const { left } = await diskRoom(spaceId)
  if (bytes > 0 && bytes > left) throw noRoom()
}

const isTaken = (spaceId: ProjectId, bytes: number, note: (tx: Tx) => Promise<void>): Promise<boolean> =>
  data.noteWithin(spaceId, bytes, env().MAESTRO_CHAT_DISK_MB * 1024 ** 2 - heldOf(spaceId), note)

/**
 * Takes room for so many more bytes, and writes down in the same step what takes it: of many who ask at once, none gets what another has.
 * @param note writes down what counts these bytes from now on
 * @throws AppError TOO_LARGE where there is no such room; then nothing is written down
 */
export async function takeRoom(spaceId: ProjectId, bytes: number, note: (tx: Tx) => Promise<void>): Promise<void> {
  if (!(await isTaken(spaceId, bytes, note))) throw noRoom()
}

/**
 * The same for a session's files, by whoever is alone with them. What people store goes before what is remembered of former files: where the
 * one finds no room, the other gives way.
 */
export async function takeForFiles(spaceId: ProjectId, sessionId: string, place: Place, bytes: number): Promise<void> {
  const note = (tx: Tx) => data.addBytes(spaceId, sessionId, bytes, tx)
  for (const which of ['unused', 'all'] as const) {
    if (await isTaken(spaceId, bytes, note)) return
    const { left } = await diskRoom(spaceId)
    // Nothing is forgotten for what would find no room even then.
    if (left + (await keptBytesIn(place.changes)) < bytes) throw noRoom()
    await forgetContents(place.changes, which)
    await measureAlone(sessionId)
  }
  await takeRoom(spaceId, bytes, note)
}

/** Room for what is remembered is taken in bites of this, so that many small contents are not as many questions. */
const biteBytes = 128 * 1024

/**
 * Lets somebody who is alone with a session's files remember what they were, as far as there is room, and counts what that takes. The few bytes in
 * which it says what is remembered are counted afterwards.
 */
export async function remembering<T>(
  spaceId: ProjectId,
  sessionId: string,
  { changes }: Place,
  work: (take: TakeRoom) => Promise<T>,
): Promise<T> {
  const had = await keptBytesIn(changes)
  let [taken, spare] = [0, 0]
  const take: TakeRoom = async (bytes) => {
    for (const bite of [biteBytes, bytes]) {
      if (spare >= bytes || bite < bytes) continue
      if (await isTaken(spaceId, bite, (tx) => data.addBytes(spaceId, sessionId, bite, tx))) {
        taken += bite
        spare += bite
      }
    }
    if (spare < bytes) return false
    spare -= bytes
    return true
  }
  try {
    return await work(take)
  } finally {
    const grown = (await keptBytesIn(changes)) - had - taken
    if (grown !== 0) await data.addBytes(spaceId, sessionId, grown)
    noteWrite(sessionId)
  }
}
