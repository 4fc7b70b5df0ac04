'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import type { Application } from '@/server/beta/schema.ts'
import { type QueueView, queueInput, queueKey } from './queue-query.ts'

/** New applications are seen this soon without a reload. */
const askAgainMs = 10_000

/** The applications that a view shows, read again now and then. */
export function useQueue(view: QueueView) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: queueKey(view),
    queryFn: ({ pageParam, signal }) => client.beta.list.query({ ...queueInput(view), cursor: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: askAgainMs,
  })
}

/** The application that a mail's link leads to, wherever in the queue it stands; null where it is gone. */
export function useLinked(id: string | null): Application | null | undefined {
  const trpc = useTRPC()
  const { data, error } = useQuery({ ...trpc.beta.get.queryOptions({ id: id ?? '' }), enabled: id !== null, retry: false })
  return error ? null : data
}
