'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/client/trpc.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { latestAgents } from './latest.ts'

const againMs = 30_000

/** The figures and the agents that the dashboard shows; both follow whatever happens, in this tab or elsewhere. */
export function useDashboard() {
  const trpc = useTRPC()
  // What others share tells nobody that it changed, so they are asked for now and then, too.
  const stats = useQuery({ ...trpc.dashboard.stats.queryOptions(), refetchInterval: againMs })
  const agents = useQuery({ ...trpc.agents.list.queryOptions(latestAgents), refetchInterval: againMs })
  useReadAgain(['list', 'agents', 'ended'], () => stats.refetch())
  useReadAgain(['agents', 'ended'], () => agents.refetch())
  return { stats: stats.data, agents: agents.data }
}
