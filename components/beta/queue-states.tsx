'use client'

import { Inbox, SearchX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { QueueView } from './queue-query.ts'
import type { useQueue } from './use-queue.ts'

/** What stands where no application does. */
export function QueueEmpty({ view, address }: { view: QueueView; address: string }) {
  const t = useTranslations('applications.empty')
  if (view.search.trim())
    return (
      <EmptyState icon={<SearchX aria-hidden />} title={t('search.title')}>
        {t('search.text')}
      </EmptyState>
    )
  return (
    <EmptyState icon={<Inbox aria-hidden />} title={t(`${view.tab}.title`)}>
      {view.tab === 'ALL' ? t('ALL.text', { address }) : t(`${view.tab}.text`)}
    </EmptyState>
  )
}

export function QueueFailed({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations('applications')
  return <EmptyState icon={<TriangleAlert aria-hidden />} title={t('failed')} action={<Button onClick={onRetry}>{t('retry')}</Button>} />
}

export function QueueLoading() {
  const t = useTranslations('applications')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-10" />
      ))}
    </div>
  )
}

/** The way to the next page, where there is one. */
export function QueueMore({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const t = useTranslations('applications')
  if (!queue.hasNextPage) return null
  return (
    <div className="border-t p-2 text-center">
      <Button variant="ghost" size="sm" onClick={() => void queue.fetchNextPage()} disabled={queue.isFetchingNextPage}>
        {t('more')}
      </Button>
    </div>
  )
}
