import { AppError } from '@/server/core/errors.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { openText } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import type { Part } from '../schema.ts'
import { titleContext } from './views.ts'

/** Titles of some of a person's conversations, by id; those that have none, or that no key opens, are left out. */
export async function titlesOf(actorId: ActorId, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await data.findTitles(actorId, ids)
  const opened = await Promise.all(
    rows.map(async ({ id, spaceId, titleSealed }) => {
      const { value } = await openText(spaceId as ProjectId, titleContext(id), { sealed: titleSealed, plain: null })
      return [id, value] as const
    }),
  )
  return new Map(opened.filter((entry): entry is readonly [string, string] => entry[1] !== null))
}

/**
 * The parts of a message for files that were handed in before, in the order in which they are named.
 * @throws AppError NOT_FOUND for one that is no file of this person's conversation
 */
export async function filePartsOf(actorId: ActorId, sessionId: string, ids: readonly string[]): Promise<Part[]> {
  if (ids.length === 0) return []
  const rows = new Map((await data.findHandedIn(actorId, sessionId, ids)).map((row) => [row.id, row]))
  return ids.map((attachmentId) => {
    const row = rows.get(attachmentId)
    if (!row) throw new AppError('NOT_FOUND', 'There is no such file in this conversation.', 'attachmentIds', { key: 'noAttachment' })
    const { name, mediaType, bytes } = row
    return { type: 'file', turn: 0, attachmentId, name, mediaType, bytes }
  })
}
