'use client'

import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { type HistoryPage, historyKey, historyPage, type Listed } from './history-key.ts'

export type { Listed } from './history-key.ts'

/** A person's conversations, a page at a time; read again whenever one of them changed. */
export function useHistory({ search, archived }: { search: string; archived: boolean }) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const queryKey = useMemo(() => historyKey(trpc.chats.list.pathKey(), search, archived), [trpc, search, archived])
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }): Promise<HistoryPage> =>
      client.chats.list.query(
        { archived, limit: historyPage, ...(search ? { search } : {}), ...(pageParam ? { before: pageParam } : {}) },
        { signal },
      ),
    getNextPageParam: (last: HistoryPage) => last.next,
    placeholderData: keepPreviousData,
  })
  // What was searched is not searched again for every word of an answer.
  useReadAgain(search === '' ? ['list', 'approvals', 'ended'] : [], () => queries.invalidateQueries({ queryKey }))
  return { ...query, items: useMemo(() => unlike(query.data), [query.data]), cut: query.data?.pages.at(-1)?.cut ?? false }
}

/** Pages move while they are read: one that stands in two of them is shown once. */
function unlike(data: InfiniteData<HistoryPage> | undefined): Listed[] {
  return [...new Map((data?.pages ?? []).flatMap(({ items }) => items.map((item) => [item.id, item] as const))).values()]
}
