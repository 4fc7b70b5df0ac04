import type { Readable } from 'node:stream'
import { isDenied } from '@/server/ai/service.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { shown } from './changes/diff.ts'
import { differencesSinceBase, takeSnapshot } from './changes/snapshot.ts'
import { readDifferences } from './changes/store.ts'
import { isUnpacked, placeOf } from './packs/places.ts'
import { directoryOf, filesChanged, inFiles } from './packs/session.ts'
import { archiveOf } from './packs/tar.ts'
import { remembering } from './room/room.ts'
import { measure } from './room/weigh.ts'
import { isClosedFolder, mediaTypeOf, textOf } from './rules.ts'
import { type FileEntry, fileLimits } from './schema.ts'
import { readAt } from './tree/content.ts'
import { alone, hold } from './tree/locks.ts'
import { checkPath, tooLarge } from './tree/refusals.ts'
import { type SearchInput, type SearchResult, searchTree } from './tree/search.ts'
import type { Found, Reach } from './tree/types.ts'
import { walkTree } from './tree/walk.ts'

export { fileContext } from './packs/pack.ts'
export { directoryOf, filesChanged, packFiles, removeFiles, sweepFiles } from './packs/session.ts'
export { countHeld } from './room/held.ts'
export { checkRoom, diskRoom, takeRoom } from './room/room.ts'
export type { Survey } from './room/types.ts'
export { measure, survey } from './room/weigh.ts'
export { isClosedFolder, plainPath } from './rules.ts'
export { deleteFile, editFile, moveFile, uploadFile, writeFile } from './tree/edits.ts'
/** Says that somebody is at work in a session's folder (a run, a terminal), so that it is not packed; call what it returns at the end. */
export { hold as holdFiles } from './tree/locks.ts'
export type { Found, Reach }

const temporary = /(^|\/)\.[0-9a-f-]{36}\.tmp$/
/** Everything in a session's folder, in order; what lies in Git's folder or among dependencies is not listed. */
export async function listTree(spaceId: ProjectId, sessionId: string, { denyPaths }: Reach = {}) {
  return inFiles(spaceId, sessionId, async ({ files }) => {
    const entries: FileEntry[] = []
    let [cut, bytes, withheld] = [false, 0, 0]
    await walkTree(files, ({ path, name, kind, stat }) => {
      if (temporary.test(path)) return
      if (denyPaths && isDenied(path, denyPaths)) {
        withheld++
        return 'pass'
      }
      if (entries.length >= fileLimits.treeEntries) {
        cut = true
        return 'end'
      }
      if (kind === 'other') return
      if (kind === 'file') bytes += stat.size
      entries.push({ path, kind, bytes: kind === 'file' ? stat.size : 0, changedAt: stat.mtime.toISOString() })
      return kind === 'folder' && isClosedFolder(name) ? 'pass' : undefined
    })
    return { entries, cut, bytes, withheld }
  })
}

/** What of a session's files no model gets to see: the paths, folders without what lies in them. */
export const withheldPaths = (spaceId: ProjectId, sessionId: string, denyPaths: readonly string[]): Promise<string[]> =>
  inFiles(spaceId, sessionId, async ({ files }) => {
    const paths: string[] = []
    await walkTree(files, ({ path, name, kind }) => {
      if (isDenied(path, denyPaths)) {
        if (kind === 'file' || kind === 'folder') paths.push(path)
        return 'pass'
      }
      return kind === 'folder' && isClosedFolder(name) ? 'pass' : undefined
    })
    return paths
  })

/** One file; its text where it is some and not too large. @throws AppError NOT_FOUND, FORBIDDEN, BAD_REQUEST */
export async function readFile(spaceId: ProjectId, sessionId: string, path: string, reach: Reach = {}) {
  checkPath(path, reach)
  return inFiles(spaceId, sessionId, async ({ files }) => {
    const { bytes, size, hash } = await readAt(files, path)
    const text = bytes && textOf(bytes)
    return { path, bytes: size, text, hash, mediaType: mediaTypeOf(path, text !== null) }
  })
}

/** A file's bytes as they are, up to so many. @throws AppError as `readFile`, and TOO_LARGE */
export async function readBytes(spaceId: ProjectId, sessionId: string, path: string, most: number) {
  checkPath(path)
  return inFiles(spaceId, sessionId, async ({ files }) => {
    const { bytes } = await readAt(files, path, most)
    if (!bytes) throw tooLarge()
    return { bytes, mediaType: mediaTypeOf(path, textOf(bytes) !== null) }
  })
}

/** All files, or those that are wanted, as one compressed archive; nothing packs them while it is read. @throws AppError NOT_FOUND */
export async function archive(spaceId: ProjectId, sessionId: string, unwanted?: (found: Found) => boolean): Promise<Readable> {
  const release = hold(sessionId)
  try {
    await directoryOf(spaceId, sessionId)
    return archiveOf([{ from: placeOf(sessionId).files, prefix: '', ...(unwanted && { skip: unwanted }) }]).once('close', release)
  } catch (error) {
    release()
    throw error
  }
}

/** Looks for lines in all text files. @throws AppError BAD_REQUEST where the expression is none or takes too long */
export const searchFiles = (spaceId: ProjectId, sessionId: string, input: SearchInput, { denyPaths }: Reach = {}): Promise<SearchResult> =>
  inFiles(spaceId, sessionId, ({ files }) =>
    searchTree(files, input, (path) => temporary.test(path) || (denyPaths !== undefined && isDenied(path, denyPaths))),
  )

/** Writes down what an answer changed; call it at the end of each, again does no harm. */
export async function snapshot(spaceId: ProjectId, sessionId: string, messageId: string): Promise<void> {
  const place = placeOf(sessionId)
  if (!isUnpacked(place)) return
  await alone(sessionId, async () => {
    if (isUnpacked(place)) await remembering(spaceId, sessionId, place, (takeRoom) => takeSnapshot(place, messageId, takeRoom))
  })
  await measure(sessionId)
  filesChanged(sessionId)
}

/** What agents changed: since the conversation began, or with one answer. @throws AppError NOT_FOUND */
export const diffOf = (spaceId: ProjectId, sessionId: string, messageId?: string) =>
  inFiles(spaceId, sessionId, async (place) => {
    const differences = messageId
      ? await readDifferences(place.changes, messageId)
      : await alone(sessionId, () => remembering(spaceId, sessionId, place, (takeRoom) => differencesSinceBase(place, takeRoom)))
    return shown(place.changes, differences)
  })
