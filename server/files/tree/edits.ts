import { AppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { noteByPerson } from '../changes/snapshot.ts'
import { filesChanged, inFiles } from '../packs/session.ts'
import type { Place } from '../packs/types.ts'
import { remembering, takeForFiles } from '../room/room.ts'
import { measure, measureAlone } from '../room/weigh.ts'
import { isClosedFolder } from '../rules.ts'
import { fileLimits } from '../schema.ts'
import { type Expected, moveAt, readAt, readText, removeAt, type Written, writeAt } from './content.ts'
import { alone, noteWrite } from './locks.ts'
import { checkPath, noFile, tooLarge } from './refusals.ts'
import type { Reach } from './types.ts'
import { walkTree } from './walk.ts'

async function oneMoreFile(files: string): Promise<void> {
  let count = 0
  await walkTree(files, ({ kind, name }) => {
    if (kind === 'folder') return isClosedFolder(name) ? 'pass' : undefined
    return ++count >= fileLimits.files ? 'end' : undefined
  })
  if (count < fileLimits.files) return
  const words = `A conversation has at most ${fileLimits.files} files.`
  throw new AppError('TOO_LARGE', words, undefined, { key: 'filesTooMany', values: { count: fileLimits.files } })
}

/** A person changed files: what is remembered of that counts for their quota, too. */
const remember = (
  spaceId: ProjectId,
  sessionId: string,
  place: Place,
  changes: readonly (readonly [path: string, before: string | null])[],
) =>
  remembering(spaceId, sessionId, place, async (takeRoom) => {
    for (const [path, before] of changes) await noteByPerson(place, path, before, takeRoom)
  })

async function write(spaceId: ProjectId, sessionId: string, path: string, bytes: Buffer, { expected, reach }: Writing): Promise<Written> {
  checkPath(path, reach)
  return inFiles(spaceId, sessionId, (place) =>
    alone(sessionId, async () => {
      let taken = 0
      const room = async (grown: number, another: boolean) => {
        if (another) await oneMoreFile(place.files)
        await takeForFiles(spaceId, sessionId, place, grown)
        taken = grown
      }
      try {
        const written = await writeAt(place.files, path, bytes, { expected, room })
        noteWrite(sessionId)
        if (!reach.denyPaths) await remember(spaceId, sessionId, place, [[path, written.before]])
        filesChanged(sessionId)
        return written
      } catch (error) {
        if (taken !== 0) await measureAlone(sessionId)
        throw error
      }
    }),
  )
}

interface Writing {
  expected: Expected
  reach: Reach
}

/**
 * Writes a text file, whole or not at all.
 * @throws AppError CONFLICT where it is not what the writer expects, TOO_LARGE (the file, the quota), as `readFile`
 */
export async function writeFile(
  spaceId: ProjectId,
  sessionId: string,
  { path, text, expected }: { path: string; text: string; expected: Expected },
  reach: Reach = {},
): Promise<{ hash: string; created: boolean }> {
  const bytes = Buffer.from(text)
  if (bytes.length > fileLimits.textBytes) throw tooLarge()
  const { hash, before } = await write(spaceId, sessionId, path, bytes, { expected, reach })
  return { hash, created: before === null }
}

/** Stores a file of any kind that a person brings. @throws AppError as `writeFile` */
export async function uploadFile(
  spaceId: ProjectId,
  sessionId: string,
  path: string,
  bytes: Buffer,
  expected: Expected = 'anything',
): Promise<{ hash: string; created: boolean }> {
  const { hash, before } = await write(spaceId, sessionId, path, bytes, { expected, reach: {} })
  return { hash, created: before === null }
}

/** Says why a text cannot be replaced, for whoever asked. */
const editFault = (count: number) =>
  count === 0
    ? new AppError('BAD_REQUEST', 'The text to replace is not in the file. It has to match exactly, spaces and line ends included.', 'old')
    : new AppError('CONFLICT', `The text to replace is in the file ${count} times. Name more of what stands around it.`, 'old')

/** Replaces one passage of a text file, which must be there exactly once unless all are meant. @throws AppError as `writeFile` */
export async function editFile(
  spaceId: ProjectId,
  sessionId: string,
  edit: { path: string; old: string; new: string; all?: boolean },
  reach: Reach = {},
): Promise<{ hash: string; replaced: number }> {
  checkPath(edit.path, reach)
  const { text, hash } = await inFiles(spaceId, sessionId, ({ files }) => readText(files, edit.path))
  // Models write plain line ends; the file keeps its own.
  const windows = !text.includes(edit.old) && text.includes('\r\n')
  const [old, fresh] = windows ? [edit.old, edit.new].map((part) => part.replace(/\r?\n/g, '\r\n')) : [edit.old, edit.new]
  const count = old ? text.split(old).length - 1 : 0
  if (count === 0 || (count > 1 && !edit.all)) throw editFault(count)
  const parts = text.split(old ?? '')
  const written = await writeFile(spaceId, sessionId, { path: edit.path, text: parts.join(fresh), expected: { hash } }, reach)
  return { hash: written.hash, replaced: count }
}

/** Removes a file, or a folder with all that is in it; a model removes single files only. @throws AppError as `readFile` */
export async function deleteFile(spaceId: ProjectId, sessionId: string, path: string, reach: Reach = {}): Promise<void> {
  checkPath(path, reach)
  await inFiles(spaceId, sessionId, (place) =>
    alone(sessionId, async () => {
      const before = await readAt(place.files, path, fileLimits.textBytes).catch(() => null)
      if (reach.denyPaths && !before) await readAt(place.files, path)
      await removeAt(place.files, path)
      noteWrite(sessionId)
      if (!reach.denyPaths && before) await remember(spaceId, sessionId, place, [[path, before.hash]])
    }),
  )
  await measure(sessionId)
  filesChanged(sessionId)
}

/** Gives a file or folder another path. @throws AppError as `readFile`, CONFLICT where there is something already */
export async function moveFile(spaceId: ProjectId, sessionId: string, from: string, to: string, reach: Reach = {}): Promise<void> {
  checkPath(from, reach)
  checkPath(to, reach)
  if (reach.denyPaths) throw noFile()
  await inFiles(spaceId, sessionId, (place) =>
    alone(sessionId, async () => {
      const before = await readAt(place.files, from, fileLimits.textBytes).catch(() => null)
      await moveAt(place.files, from, to)
      if (!before) return
      await remember(spaceId, sessionId, place, [
        [from, before.hash],
        [to, null],
      ])
    }),
  )
  filesChanged(sessionId)
}
