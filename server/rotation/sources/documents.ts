import { documentContext, pieceContext } from '@/server/memory/service.ts'
import { columnSource } from './columns.ts'
import { objectSource } from './objects.ts'

/** Documents that agents look things up in, and their passages: the platform's, since others may use the agent. */
export const documents = [
  objectSource({
    name: 'memory-documents',
    kind: 'agents',
    of: 'platform',
    table: 'MemoryDocument',
    where: '$1::text IS NULL',
    object: 'objectKey',
    size: 'bytes',
    context: documentContext,
  }),
  columnSource({
    name: 'memory-chunks',
    kind: 'agents',
    of: 'platform',
    table: 'MemoryChunk',
    rows: '"MemoryChunk" r WHERE $1::text IS NULL',
    key: [{ column: 'id', type: 'text' }],
    column: 'sealed',
    context: ({ id }) => pieceContext(id ?? ''),
  }),
]
