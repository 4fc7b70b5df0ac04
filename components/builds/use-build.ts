'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/client/trpc.ts'
import { isFinal } from './status.ts'

/** One build; asked after every second while it is alive, and never again once it is settled. */
export function useBuild(service: string, number: number) {
  return useQuery({
    ...useTRPC().builds.get.queryOptions({ service, number }),
    refetchInterval: ({ state }) => (state.data && isFinal(state.data.status) ? false : 1_000),
  })
}
