'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { MessageRow } from '@/components/workspace/message-row.tsx'
import type { ChatMessage } from '@/server/chats/schema.ts'

export interface SharedPage {
  title: string | null
  until: string | null
  items: ChatMessage[]
  next: string | null
  total: number
}

/** A message of which nothing more is heard. */
const still = (message: ChatMessage) => ({ ...message, stored: message.state, runState: null, wait: null })

/** A conversation that somebody shared: it is read and nothing else. */
export function SharedThread({ secret, first }: { secret: string; first: SharedPage }) {
  const t = useTranslations('chats.shared')
  const alive = useAlive()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = useInfiniteQuery({
    queryKey: [...trpc.chats.shared.pathKey(), 'thread', secret],
    initialPageParam: '',
    initialData: { pages: [first], pageParams: [''] },
    queryFn: ({ pageParam, signal }): Promise<SharedPage> =>
      client.chats.shared.query({ secret, ...(pageParam ? { before: pageParam } : {}) }, { signal }),
    getNextPageParam: (last) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const messages = [...data.pages].reverse().flatMap(({ items }) => items.map(still))
  if (messages.length === 0) return <EmptyState icon={<MessagesSquare aria-hidden />} title={t('empty')} />
  return (
    <>
      {hasNextPage && (
        <div className="flex flex-col items-center gap-2 py-2">
          {isFetchNextPageError && <Banner tone="bad" title={t('failed')} />}
          <Button
            size="sm"
            disabled={!alive}
            aria-disabled={isFetchingNextPage || undefined}
            onClick={() => isFetchingNextPage || void fetchNextPage()}
          >
            {t(isFetchingNextPage ? 'loading' : isFetchNextPageError ? 'again' : 'older')}
          </Button>
        </div>
      )}
      {messages.map((message) => (
        <MessageRow key={message.id} message={message} />
      ))}
    </>
  )
}
