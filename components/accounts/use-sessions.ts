'use client'

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'

// The first page is asked for without a cursor: the server takes none that is null.
const paging = { getNextPageParam: (page: { next: string | null }) => page.next }

/** Where the person is signed in, page by page. */
export function useSessions() {
  const query = useInfiniteQuery(useTRPC().accounts.sessions.infiniteQueryOptions({}, paging))
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] }
}

/** The three ways of being signed out. Whatever became of one, the list is read anew. */
export function useEndings() {
  const t = useTranslations('sessions')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: trpc.accounts.sessions.infiniteQueryKey({}) })
  const one = useMutation(trpc.accounts.endSession.mutationOptions({ onSuccess: () => void toast.success(t('ended')), onSettled }))
  const others = useMutation(
    trpc.accounts.endOtherSessions.mutationOptions({
      onSuccess: ({ ended }) => void toast.success(t('others.done', { count: ended })),
      onSettled,
    }),
  )
  const everywhere = useMutation(
    // The session is gone; what is left to do is to have the browser forget its cookie.
    trpc.accounts.signOutEverywhere.mutationOptions({ onSuccess: () => signOut({ callbackUrl: '/' }) }),
  )
  return { one, others, everywhere }
}
