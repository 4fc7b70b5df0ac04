import { type ActorId, projectsForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { firstDay, withEmptyDays } from './rules.ts'
import type { Days, Stats } from './schema.ts'

/** What a person's dashboard says of agents: those they may use, and their own runs, by day. */
export async function statsOf(actorId: ActorId): Promise<Stats> {
  const now = registry('clock').now()
  const projectIds = (await projectsForActor(actorId)).map(({ projectId }) => projectId)
  const [totals, days] = await Promise.all([data.findTotals(actorId, projectIds), data.findDays(actorId, firstDay(now))])
  const { agents, active, runs, succeeded, lastActivityAt } = totals
  return {
    agents: { total: agents, active },
    runs: { total: runs, succeeded, successRate: runs === 0 ? null : succeeded / runs },
    lastActivityAt,
    days: withEmptyDays(now, days),
  }
}

/** How an agent's runs of the last 30 days went, by day: all of them for its owner, for anybody else their own. */
export async function agentDaysOf(actorId: ActorId, agentId: string): Promise<Days> {
  const now = registry('clock').now()
  return withEmptyDays(now, await data.findAgentDays(actorId, agentId, firstDay(now)))
}
