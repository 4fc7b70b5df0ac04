'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPCClient } from '@/components/client/trpc.ts'
import type { LedgerAllFilter, LedgerCall } from '@/server/ai/schema.ts'
import { choicesKey, ledgerKey, totalsKey } from './ledger-query.ts'

/** How often the sums are asked for; where a large ledger takes long to add up, more seldom. */
const everyMs = 4_000
const restShare = 20
/** Up to so many pages are read again by themselves when something was sent; a reader who is further down asks for it. */
const livePages = 3

/**
 * The sendings that a filter finds and their sums, live: the sums are asked for again and again, and where they have changed, the list
 * is read anew. `service` is null for the ledger of all projects.
 */
export function useLedger(service: string | null, filter: LedgerAllFilter) {
  const client = useTRPCClient()
  const { service: _, ...own } = filter
  const tookMs = useRef(0)
  const totals = useQuery({
    queryKey: totalsKey(service, filter),
    queryFn: async ({ signal }) => {
      const asked = performance.now()
      const sums =
        service === null
          ? await client.ai.ledgerAllTotals.query(filter, { signal })
          : await client.ai.ledgerTotals.query({ ...own, service }, { signal })
      tookMs.current = performance.now() - asked
      return sums
    },
    refetchInterval: () => Math.max(everyMs, restShare * tookMs.current),
    placeholderData: keepPreviousData,
  })
  const list = useInfiniteQuery({
    queryKey: ledgerKey(service, filter),
    queryFn: ({ pageParam, signal }) => {
      const before = pageParam || undefined
      return service === null
        ? client.ai.ledgerAll.query({ ...filter, before }, { signal })
        : client.ai.ledger.query({ ...own, service, before }, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const newer = useNewer(totals.data && !totals.isPlaceholderData ? JSON.stringify(totals.data) : null, list)
  return { totals, list, newer }
}

type List = { data?: { pages: unknown[] } | undefined; dataUpdatedAt: number; refetch: () => Promise<unknown> }

/** Reads the list again once the sums are others than those it was read with; true where that is left to the reader. */
function useNewer(sums: string | null, { data, dataUpdatedAt, refetch }: List): boolean {
  const [read, setRead] = useState({ at: dataUpdatedAt, sums })
  if (read.at !== dataUpdatedAt || (read.sums === null && sums !== null)) setRead({ at: dataUpdatedAt, sums })
  const newer = sums !== null && read.sums !== null && read.sums !== sums
  const many = (data?.pages.length ?? 0) > livePages
  useEffect(() => {
    if (newer && !many) void refetch()
  }, [newer, many, refetch])
  return newer && many
}

/** What there is to filter by. */
export function useLedgerChoices(service: string | null) {
  const client = useTRPCClient()
  return useQuery({
    queryKey: choicesKey(service),
    queryFn: ({ signal }) =>
      service === null ? client.ai.ledgerAllChoices.query(undefined, { signal }) : client.ai.ledgerChoices.query({ service }, { signal }),
    staleTime: 30_000,
  })
}

/** One sending with its details, read anew when its answer has come. */
export function useSending(service: string | null, { id, outcome }: LedgerCall) {
  const client = useTRPCClient()
  return useQuery({
    queryKey: ['sending', service, id, outcome],
    queryFn: ({ signal }) =>
      service === null ? client.ai.ledgerAllEntry.query({ id }, { signal }) : client.ai.ledgerEntry.query({ id, service }, { signal }),
    staleTime: 60_000,
  })
}
