import { agentContext, versionContext } from '@/server/agents/service.ts'
import { columnSource } from './columns.ts'

const sealedOf = (name: string, table: string, context: (id: string) => string) =>
  columnSource({
    name,
    kind: 'agents',
    of: 'platform',
    table,
    rows: `"${table}" r WHERE $1::text IS NULL`,
    key: [{ column: 'id', type: 'text' }],
    column: 'sealed',
    context: ({ id }) => context(id ?? ''),
  })

/** What agents are told and may do, and each of their versions: the platform's, since others may use them. */
export const agents = [sealedOf('agents', 'Agent', agentContext), sealedOf('agent-versions', 'AgentVersion', versionContext)]
