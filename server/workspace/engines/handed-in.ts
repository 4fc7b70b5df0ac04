import { attachmentBytes, handedInTo } from '@/server/chats/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { readFile, uploadFile } from '@/server/files/service.ts'
import type { EngineRun } from './types.ts'

/** A name that is one for any file system; what people call their files may hold anything. */
const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:]+/gu, '-')
    .replace(/^\.+/, '')
    .slice(0, 80) || 'file'

const exists = (spaceId: ProjectId, sessionId: string, path: string): Promise<boolean> =>
  readFile(spaceId, sessionId, path).then(
    () => true,
    (error) => {
      if (isAppError(error)) return error.code !== 'NOT_FOUND'
      throw error
    },
  )

/**
 * Lays the files that came with the last message into the conversation's folder, so that tools reach them: `uploads/<name>`. What finds no
 * room there can still be read by the model, as far as it takes such files.
 */
export async function layOut({ history, spaceId, sessionId, runId }: EngineRun): Promise<void> {
  const files = history.findLast(({ role }) => role === 'user')?.parts?.filter((part) => part.type === 'file') ?? []
  const known = files.length > 0 ? await handedInTo(spaceId, sessionId) : []
  for (const part of files) {
    try {
      const name = plainName(part.name)
      // What an agent has since made of a file stays when its message is answered again; a later one of the same name stands beside it.
      const first = known.find((one) => plainName(one.name) === name)?.id === part.attachmentId
      const places = [`uploads/${name}`, ...(first ? [] : [`uploads/${part.attachmentId.slice(0, 8)}-${name}`])]
      const there = await Promise.all(places.map((one) => exists(spaceId, sessionId, one)))
      const path = places[there.lastIndexOf(true) + 1]
      if (!path) continue
      const bytes = await attachmentBytes(spaceId, part.attachmentId)
      if (bytes) await uploadFile(spaceId, sessionId, path, bytes)
    } catch (err) {
      if (!isAppError(err)) throw err
      logger.info({ err, runId }, 'a file that was handed in was not laid out')
    }
  }
}
