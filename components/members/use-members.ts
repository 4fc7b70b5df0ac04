'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'

const paging = { getNextPageParam: (page: { next: string | null }) => page.next }

/** A project's members, page by page and live. */
export function useMembers(service: string) {
  const query = useInfiniteQuery(useTRPC().members.list.infiniteQueryOptions({ service }, paging))
  useChanges([service], query.refetch)
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] }
}

/** Invitations that nobody has accepted yet, page by page and live. */
export function useInvitations(service: string) {
  const query = useInfiniteQuery(useTRPC().members.invitations.infiniteQueryOptions({ service }, paging))
  useChanges([service], query.refetch)
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] }
}
