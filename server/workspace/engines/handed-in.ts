import { attachmentBytes } from '@/server/chats/service.ts'
import { isAppError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { uploadFile } from '@/server/files/service.ts'
import type { EngineRun } from './types.ts'

/** A name that is one for any file system; what people call their files may hold anything. */
const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:]+/gu, '-')
    .replace(/^\.+/, '')
    .slice(0, 120) || 'file'

/**
 * Lays the files that came with the last message into the conversation's folder, so that tools reach them: `uploads/<name>`. What finds no
 * room there can still be read by the model, as far as it takes such files.
 */
export async function layOut({ history, spaceId, sessionId, runId }: EngineRun): Promise<void> {
  const last = history.findLast(({ role }) => role === 'user')
  for (const part of last?.parts ?? []) {
    if (part.type !== 'file') continue
    try {
      const bytes = await attachmentBytes(spaceId, part.attachmentId)
      if (bytes) await uploadFile(spaceId, sessionId, `uploads/${plainName(part.name)}`, bytes)
    } catch (err) {
      if (!isAppError(err)) throw err
      logger.info({ err, runId }, 'a file that was handed in was not laid out')
    }
  }
}
