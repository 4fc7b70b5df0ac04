'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useAddress } from '@/components/client/use-address.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Toggle } from '@/components/ui/toggle.tsx'
import { feedbackLimits } from '@/server/feedback/schema.ts'
import { FeedbackEntry } from './feedback-entry.tsx'
import { type FeedbackView, feedbackKey, feedbackViews, statusOf } from './feedback-query.ts'
import { useSettle } from './use-settle.ts'

const names = { OPEN: 'open', DONE: 'done', ALL: 'all' } as const

function useFeedback(view: FeedbackView) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: feedbackKey(view),
    queryFn: ({ pageParam, signal }) => client.feedback.list.query({ ...statusOf(view), cursor: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}

/** What people told us, the open first: read, looked at, settled. */
export function FeedbackList({ start }: { start: FeedbackView }) {
  const t = useTranslations('feedback.list')
  const [view, setView] = useState(start)
  const list = useFeedback(view)
  useAddress({ status: view === 'OPEN' ? undefined : view.toLowerCase() })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const open = items.filter(({ status }) => status === 'OPEN')
  return (
    <>
      <PageHeader className="mb-4" title={t('title')} actions={open.length > 1 && <SettleAll ids={open.map(({ id }) => id)} />} />
      <Card className="overflow-hidden" aria-busy={list.isFetching}>
        <Views view={view} onChange={setView} />
        {list.isPending ? <Loading /> : items.length === 0 ? <Nothing view={view} /> : null}
        <ul className="divide-y">
          {items.map((item) => (
            <FeedbackEntry key={item.id} item={item} />
          ))}
        </ul>
        {list.hasNextPage && (
          <div className="border-t p-2 text-center">
            <Button variant="ghost" size="sm" onClick={() => list.fetchNextPage()} disabled={list.isFetchingNextPage}>
              {t('more')}
            </Button>
          </div>
        )}
      </Card>
    </>
  )
}

/** What is shown is settled at once, as far as one request goes. */
function SettleAll({ ids }: { ids: string[] }) {
  const t = useTranslations('feedback.list')
  const [alive, settle] = [useAlive(), useSettle()]
  const some = ids.slice(0, feedbackLimits.settle)
  const count = some.length
  return (
    <Confirm
      trigger={<Button disabled={!alive || settle.isPending}>{t('settleAll', { count })}</Button>}
      title={t('settleAllTitle', { count })}
      description={t('settleAllText')}
      cancel={t('cancel')}
      confirm={t('settle')}
      onConfirm={() => settle.mutate({ ids: some })}
    />
  )
}

function Views({ view, onChange }: { view: FeedbackView; onChange: (view: FeedbackView) => void }) {
  const t = useTranslations('feedback.list')
  const { data } = useQuery({ ...useTRPC().feedback.counts.queryOptions(), refetchInterval: 60_000 })
  const counts = { OPEN: data?.open, DONE: data?.done, ALL: data && data.open + data.done }
  return (
    <fieldset className="flex flex-wrap gap-1 border-b px-3 py-2">
      <legend className="sr-only">{t('filter')}</legend>
      {feedbackViews.map((name) => (
        <Toggle
          key={name}
          pressed={view === name}
          onPressedChange={() => onChange(name)}
          className={cn('text-muted hover:bg-sunken hover:text-ink', view === name && 'bg-accent-soft text-accent')}
        >
          {t(names[name])}
          <span className="tabular">{counts[name]}</span>
        </Toggle>
      ))}
    </fieldset>
  )
}

function Nothing({ view }: { view: FeedbackView }) {
  const t = useTranslations('feedback.list')
  const title = { OPEN: t('none'), DONE: t('noneDone'), ALL: t('noneAll') }[view]
  return (
    <EmptyState icon={<Inbox aria-hidden />} title={title}>
      {t('noneText')}
    </EmptyState>
  )
}

function Loading() {
  const t = useTranslations('feedback.list')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-16" />
      ))}
    </div>
  )
}
