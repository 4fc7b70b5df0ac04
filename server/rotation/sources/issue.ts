import { issueContext } from '@/server/projects/service.ts'
import { columnSource } from './columns.ts'

/** The issue a project was made of. */
export const issue = [
  columnSource({
    name: 'issue',
    kind: 'issue',
    table: 'Project',
    rows: '"Project" r WHERE r.id = $1',
    key: [{ column: 'id', type: 'text' }],
    column: 'issueSealed',
    plain: 'issueBody',
    context: ({ id = '' }) => issueContext(id),
  }),
]
