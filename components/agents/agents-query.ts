import type { z } from 'zod'
import { type AgentStatus, agentLimits, agentSorts, agentStatuses, type listAgentsInput } from '@/server/agents/schema.ts'

export const whoses = ['all', 'own', 'shared'] as const
export const agentViews = ['cards', 'table'] as const
type AgentSort = (typeof agentSorts)[number]
/** Agents of one page of the list. */
export const agentsAPage = 24

/** What the list of agents shows, and how. */
export interface AgentsView {
  search: string
  status: AgentStatus | ''
  tag: string
  whose: (typeof whoses)[number]
  archived: boolean
  sort: AgentSort
  page: number
  view: (typeof agentViews)[number]
}

const words = (value: unknown, most: number) => (typeof value === 'string' ? value.replace(/\p{Cc}/gu, '').slice(0, most) : '')
const oneOf = <T extends string>(known: readonly T[], value: unknown) => known.find((one) => one === value)

/** What an address asks for; what it gets wrong is as if it were not there. */
export function agentsView(params: Record<string, unknown>): AgentsView {
  const page = Number(params.page)
  return {
    search: words(params.search, 100),
    status: oneOf(agentStatuses, params.status) ?? '',
    tag: words(params.tag, agentLimits.tagLength),
    whose: oneOf(whoses, params.whose) ?? 'all',
    archived: params.archived === 'yes',
    sort: oneOf(agentSorts, params.sort) ?? 'updated',
    page: Number.isInteger(page) && page > 0 && page <= 10_000 ? page : 1,
    view: oneOf(agentViews, params.view) ?? 'cards',
  }
}

/** What the server is asked for. */
export function agentsInput({ search, status, tag, whose, archived, sort, page }: AgentsView): z.input<typeof listAgentsInput> {
  return {
    ...(search.trim() && { search: search.trim() }),
    ...(status && { status }),
    ...(tag && { tag }),
    ...{ whose, archived, sort, page, limit: agentsAPage },
  }
}

/** What stands in the address; the usual is left out. */
export const addressOf = ({ search, status, tag, whose, archived, sort, page, view }: AgentsView) => ({
  search: search.trim() || undefined,
  status: status || undefined,
  tag: tag || undefined,
  whose: whose === 'all' ? undefined : whose,
  archived: archived ? 'yes' : undefined,
  sort: sort === 'updated' ? undefined : sort,
  page: page === 1 ? undefined : String(page),
  view: view === 'cards' ? undefined : view,
})

/** Whether something narrows the list. */
export const isFiltered = ({ search, status, tag, whose }: AgentsView) =>
  search.trim() !== '' || status !== '' || tag !== '' || whose !== 'all'
