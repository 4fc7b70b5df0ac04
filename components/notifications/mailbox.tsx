'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { MailOpen, Mails } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Input } from '@/components/ui/input.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { MailSummary } from '@/server/notifications/schema.ts'
import { mailsInput, mailsKey } from './mail-query.ts'
import { MailReader } from './mail-reader.tsx'

function useMails(to: string) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: mailsKey(to),
    queryFn: ({ pageParam, signal }) => client.notifications.mails.query({ ...mailsInput(to), cursor: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  })
}

/** The list of mails and, beside it, the one that is read; on a phone one in the place of the other. */
export function Mailbox(props: { to: string; mail: string | null; onTo: (to: string) => void; onMail: (mail: string | null) => void }) {
  const t = useTranslations('mailbox')
  const { to, mail, onMail } = props
  const settled = useSettled(to.trim(), 200)
  const mails = useMails(settled)
  const items = mails.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
      <Card className={cn('overflow-hidden', mail && 'max-lg:hidden')} aria-busy={mails.isFetching} aria-label={t('list')}>
        <div className="border-b p-2">
          <Input
            type="search"
            aria-label={t('filter')}
            placeholder={t('filterPlaceholder')}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            value={to}
            onChange={({ target }) => props.onTo(target.value)}
          />
        </div>
        {mails.isPending ? <Loading /> : items.length === 0 ? <Nothing filtered={settled !== ''} /> : null}
        <Scroller className="overflow-y-auto lg:max-h-[70vh]">
          <ul className="divide-y">
            {items.map((item) => (
              <Row key={item.id} item={item} chosen={item.id === mail} onChoose={() => onMail(item.id)} />
            ))}
          </ul>
          {mails.hasNextPage && (
            <div className="border-t p-2 text-center">
              <Button variant="ghost" size="sm" onClick={() => mails.fetchNextPage()} disabled={mails.isFetchingNextPage}>
                {t('more')}
              </Button>
            </div>
          )}
        </Scroller>
      </Card>
      {mail ? (
        <MailReader key={mail} id={mail} onBack={() => onMail(null)} />
      ) : (
        <Card className="max-lg:hidden">
          <EmptyState icon={<MailOpen aria-hidden />} title={t('choose')} />
        </Card>
      )}
    </div>
  )
}

function Row({ item, chosen, onChoose }: { item: MailSummary; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations('mailbox')
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        aria-current={chosen ? 'true' : undefined}
        className={cn(
          'grid w-full gap-0.5 px-4 py-3 text-left hover:bg-sunken focus-visible:-outline-offset-2',
          chosen && 'bg-accent-soft hover:bg-accent-soft',
        )}
      >
        <span className="truncate font-medium text-sm">
          <bdi>{item.subject || t('noSubject')}</bdi>
        </span>
        <span className="flex items-baseline justify-between gap-3 text-muted text-xs">
          <bdi className="min-w-0 truncate">{item.to.join(', ')}</bdi>
          <TimeAgo at={item.at} />
        </span>
      </button>
    </li>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  const t = useTranslations('mailbox')
  return (
    <EmptyState icon={<Mails aria-hidden />} title={filtered ? t('noneFor') : t('none')}>
      {filtered ? null : t('noneText')}
    </EmptyState>
  )
}

function Loading() {
  const t = useTranslations('mailbox')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-10" />
      ))}
    </div>
  )
}
