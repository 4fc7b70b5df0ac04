'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { isFinal } from './status.ts'

/** One build, live: read again at every change of its project, and now and then while it is alive, should the socket be away. */
export function useBuild(service: string, number: number) {
  const query = useQuery({
    ...useTRPC().builds.get.queryOptions({ service, number }),
    refetchInterval: ({ state }) => (state.data && isFinal(state.data.status) ? false : 3_000),
  })
  useChanges([service], query.refetch)
  return query
}
