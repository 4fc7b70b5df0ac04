import { segmentContext } from '@/server/streams/service.ts'
import { columnSource } from './columns.ts'
import type { SealedColumn } from './types.ts'

const segments: SealedColumn = {
  name: 'segments',
  kind: 'consoles',
  table: 'StreamSegment',
  rows: '"StreamSegment" r JOIN "Stream" p ON p.id = r."streamId" WHERE p."projectId" = $1',
  key: [
    { column: 'streamId', type: 'text' },
    { column: 'firstSeq', type: 'bigint' },
  ],
  column: 'sealed',
  binds: ['count', 'tag', 'codec'],
  context: ({ streamId = '', firstSeq, count, tag = '', codec = '' }) =>
    segmentContext(streamId, { firstSeq: Number(firstSeq), count: Number(count), tag, codec }),
  // Stream by stream, so that what comes after a row is found without a look at the lines of other projects.
  walk: (stale) => `(SELECT id FROM "Stream" WHERE "projectId" = $1 AND id >= $4::text ORDER BY id OFFSET 0) p CROSS JOIN LATERAL (
      SELECT * FROM "StreamSegment" r WHERE r."streamId" = p.id AND (r."streamId", r."firstSeq") > ($4::text, $5::bigint) AND ${stale}
      ORDER BY r."firstSeq" OFFSET 0
    ) r`,
}

/** Consoles of builds, chats and logs of services. */
export const consoles = [columnSource(segments)]
