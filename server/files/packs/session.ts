import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { chatTopic } from '@/server/core/hub.ts'
import { registered } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { measureAlone } from '../room/weigh.ts'
import { alone, hold, isHeld } from '../tree/locks.ts'
import { removeTree } from '../tree/remove.ts'
import { dropPieces, pack, putAway, unpack } from './pack.ts'
import { isUnpacked, listPlaces, makeFolders, pathOfHalf, placeOf } from './places.ts'
import type { Place } from './types.ts'

const noSession = () => new AppError('NOT_FOUND', 'There is no such conversation.', 'sessionId', { key: 'noChat' })

/** Tells whoever looks at a conversation that its files changed. */
export const filesChanged = (sessionId: string): void => registered('hub')?.publish(chatTopic(sessionId), { kind: 'files' })

/** Makes a session's folder, or brings back what was packed. */
async function ready(spaceId: ProjectId, sessionId: string): Promise<Place> {
  const session = await data.findSession(spaceId, sessionId)
  if (!session) throw noSession()
  const place = placeOf(sessionId)
  return alone(sessionId, async () => {
    if (isUnpacked(place)) return place
    // Asked once more: it may have been packed, or deleted, while this waited.
    const found = await data.findSession(spaceId, sessionId)
    if (!found) throw noSession()
    if (found.filesKey) await unpack(spaceId, sessionId, found.filesKey)
    else await makeFolders(place.root)
    return place
  })
}

/** Works in a session's folder, which is there and stays there meanwhile. */
export async function inFiles<T>(spaceId: ProjectId, sessionId: string, work: (place: Place) => Promise<T>): Promise<T> {
  const release = hold(sessionId)
  try {
    return await work(await ready(spaceId, sessionId))
  } finally {
    release()
  }
}

/**
 * A session's folder on this machine, made or brought back. Whoever works in it longer than this call says so with `holdFiles`.
 * @throws AppError NOT_FOUND, UNAVAILABLE where what was packed is gone
 */
export const directoryOf = (spaceId: ProjectId, sessionId: string): Promise<string> =>
  inFiles(spaceId, sessionId, async ({ files }) => files)

/**
 * Seals a session's files into the object store and takes the folder away. False where somebody is at work in it, or there is no folder.
 * May be cut off at any point and done again.
 */
export function packFiles(spaceId: ProjectId, sessionId: string): Promise<boolean> {
  return alone(sessionId, async () => {
    if (isHeld(sessionId) || !isUnpacked(placeOf(sessionId)) || !(await data.findSession(spaceId, sessionId))) return false
    await measureAlone(sessionId)
    await pack(spaceId, sessionId)
    return true
  })
}

/** Removes all of a session's files, here and packed. Call it before the session's row goes. */
export function removeFiles(sessionId: string): Promise<void> {
  return alone(sessionId, async () => {
    await putAway(sessionId)
    await dropPieces(sessionId, null)
    await data.clearFiles(sessionId)
  })
}

/** At start: removes what a killed process left half done, and folders whose session is gone. */
export async function sweepFiles(): Promise<void> {
  const { sessions, halves } = await listPlaces()
  for (const name of halves) await removeTree(pathOfHalf(name))
  const known = await data.existing(sessions)
  for (const id of sessions.filter((session) => !known.has(session))) await putAway(id)
}
