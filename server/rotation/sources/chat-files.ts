import { fileContext } from '@/server/files/service.ts'
import { objectSource } from './objects.ts'

/** Packed files of conversations, with the keys of their owners' spaces. */
export const chatFiles = [
  objectSource({
    name: 'chat-files',
    kind: 'conversations',
    of: 'project',
    table: 'ChatFilePiece',
    where: 'r."sessionId" IN (SELECT s.id FROM "ChatSession" s WHERE s."spaceId" = $1)',
    object: 'objectKey',
    size: 'bytes',
    context: fileContext,
  }),
]
