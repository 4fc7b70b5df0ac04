import { attachmentContext, messageContext, titleContext } from '@/server/chats/service.ts'
import { approvalContext, runContext } from '@/server/workspace/service.ts'
import { columnSource } from './columns.ts'
import { objectSource } from './objects.ts'

/** The conversations of the space `$1`. */
const sessions = 'SELECT s.id FROM "ChatSession" s WHERE s."spaceId" = $1'

interface Sealed {
  name: string
  table: string
  column: string
  /** The column that names the conversation. */
  session: string
  context(id: string): string
}

const sealedOf = ({ name, table, column, session, context }: Sealed) =>
  columnSource({
    ...{ name, kind: 'conversations', table, column },
    rows: `"${table}" r WHERE r."${session}" IN (${sessions})`,
    key: [{ column: 'id', type: 'text' }],
    context: ({ id }) => context(id ?? ''),
  })

/** What was said in conversations, with the keys of their owners' spaces: titles, messages, what tools asked for, and why answers failed. */
export const chats = [
  sealedOf({ name: 'chat-title', table: 'ChatSession', column: 'titleSealed', session: 'id', context: titleContext }),
  sealedOf({ name: 'chat-message', table: 'ChatMessage', column: 'sealed', session: 'sessionId', context: messageContext }),
  sealedOf({ name: 'tool-approval', table: 'ToolApproval', column: 'sealed', session: 'sessionId', context: approvalContext }),
  sealedOf({ name: 'chat-run.failure', table: 'ChatRun', column: 'failureSealed', session: 'sessionId', context: runContext }),
  objectSource({
    name: 'chat-attachments',
    kind: 'conversations',
    of: 'project',
    table: 'ChatAttachment',
    where: `r."sessionId" IN (${sessions})`,
    object: 'objectKey',
    size: 'bytes',
    context: attachmentContext,
  }),
]
