import type { Stats } from 'node:fs'
import * as data from '../data.ts'
import { isUnpacked, placeOf } from '../packs/places.ts'
import type { Place } from '../packs/types.ts'
import { alone, writesIn } from '../tree/locks.ts'
import { walkTree } from '../tree/walk.ts'
import { allTheRoom, heldIn } from './held.ts'
import type { Survey } from './types.ts'

/**
 * More files than these are not looked at, dependencies included: there is no good reason for them, empty ones fill a disk, too, and whoever lists
 * them all runs out of memory. A folder that has more counts as one that takes all the room there is; so does one that nobody can look into.
 */
const mostFiles = 100_000

/** Meets all plain files below a folder; false where there are too many, or some that cannot be seen, and the rest is not looked at. */
async function eachFile(folder: string, take: (path: string, stat: Stats) => void, most: number): Promise<boolean> {
  let [count, hidden] = [0, false]
  const hide = () => {
    hidden = true
  }
  await walkTree(
    folder,
    ({ kind, path, stat }) => {
      if (++count > most) return 'end'
      if (kind === 'file') take(path, stat)
      return undefined
    },
    hide,
  )
  return count <= most && !hidden
}

/** Looks at all plain files of a session, those of dependencies included, and counts what its programs hold open of deleted ones. */
export async function survey(sessionId: string, most = mostFiles): Promise<Survey> {
  const stamps = new Map<string, string>()
  let bytes = await heldIn(sessionId)
  const take = (path: string, stat: Stats) => {
    bytes += stat.size
    stamps.set(path, `${stat.size}-${stat.mtimeMs}-${stat.ino}`)
  }
  const all = await eachFile(placeOf(sessionId).files, take, most)
  return { stamps, bytes: all ? bytes : Math.max(bytes, allTheRoom()), tooMany: !all }
}

/** What a session takes on this disk: its files, and what is remembered of former ones. */
async function weightOf({ files, changes }: Place, most: number): Promise<number> {
  let bytes = 0
  const take = (_: string, { size }: Stats) => {
    bytes += size
  }
  const all = (await eachFile(files, take, most)) && (await eachFile(changes, take, most))
  return all ? bytes : Math.max(bytes, allTheRoom())
}

/** The same as `measure`, for whoever is alone with the session's files already. */
export async function measureAlone(sessionId: string, most = mostFiles): Promise<number> {
  const bytes = await weightOf(placeOf(sessionId), most)
  await data.saveBytes(sessionId, bytes)
  return bytes
}

/**
 * Bytes of a session as they lie here, written down for its owner's quota; nothing changes where they are packed. What is held open of deleted
 * files is looked at, too, and counts as long as it is held.
 */
export async function measure(sessionId: string, most = mostFiles): Promise<number | null> {
  const place = placeOf(sessionId)
  if (!isUnpacked(place)) return null
  await heldIn(sessionId)
  const writes = writesIn(sessionId)
  const found = await weightOf(place, most)
  return alone(sessionId, async () => {
    if (!isUnpacked(place)) return null
    // What was written meanwhile is in the sum already, and perhaps not in what was found.
    if (writesIn(sessionId) !== writes) return measureAlone(sessionId, most)
    await data.saveBytes(sessionId, found)
    return found
  })
}
