'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, Clock, Send } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Select } from '@/components/ui/input.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import { type MailStatus, mailStatuses, type OutboxItem } from '@/server/notifications/schema.ts'
import { outboxFilter, outboxKey } from './mail-query.ts'

function useOutbox(status: MailStatus | null) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: outboxKey(status),
    queryFn: ({ pageParam, signal }) =>
      client.notifications.outbox.query({ ...outboxFilter(status), cursor: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
}

/** What became of each mail that was to be sent, without a word of it. */
export function Outbox({ status, onStatus }: { status: MailStatus | null; onStatus: (status: MailStatus | null) => void }) {
  const t = useTranslations('mailbox.outbox')
  const mails = useOutbox(status)
  const items = mails.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card className="overflow-hidden" aria-busy={mails.isFetching}>
      <CardHeader title={<span className="font-normal text-muted text-xs">{t('days')}</span>}>
        <Select
          aria-label={t('filter')}
          value={status ?? ''}
          onChange={({ target }) => onStatus((target.value || null) as MailStatus | null)}
        >
          <option value="">{t('all')}</option>
          {mailStatuses.map((name) => (
            <option key={name} value={name}>
              {t(`statuses.${name}`)}
            </option>
          ))}
        </Select>
      </CardHeader>
      {items.length > 0 ? <Rows items={items} /> : <Nothing loading={mails.isPending} filtered={status !== null} />}
      {mails.hasNextPage && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => mails.fetchNextPage()} disabled={mails.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Rows({ items }: { items: OutboxItem[] }) {
  const t = useTranslations('mailbox.outbox')
  return (
    <Table>
      <thead>
        <tr>
          <Th>{t('status')}</Th>
          <Th>{t('letter')}</Th>
          <Th>{t('to')}</Th>
          <Th>{t('language')}</Th>
          <Th className="text-right">{t('attempts')}</Th>
          <Th>{t('created')}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </tbody>
    </Table>
  )
}

type LetterKey = 'letters.other'

function Row({ item }: { item: OutboxItem }) {
  const t = useTranslations('mailbox.outbox')
  const letter = `letters.${item.letter}` as LetterKey
  const reason = `reasons.${item.reason}` as 'reasons.TOO_MANY'
  return (
    <Tr>
      <Td className="min-w-40">
        <Status status={item.status} />
        {item.reason && (
          <p className="mt-1 max-w-80 text-muted text-xs [overflow-wrap:anywhere]">
            <bdi>{t.has(reason) ? t(reason) : item.reason}</bdi>
          </p>
        )}
      </Td>
      <Td className="whitespace-nowrap">{t.has(letter) ? t(letter) : t('letters.other')}</Td>
      <Td className="[overflow-wrap:anywhere]">
        <bdi>{item.to}</bdi>
      </Td>
      <Td>
        <LanguageName locale={item.locale} />
      </Td>
      <Td className="tabular text-right">{item.attempts}</Td>
      <Td>
        <TimeAgo at={item.createdAt} />
      </Td>
    </Tr>
  )
}

const languages: Record<string, string> = { en: 'English', ko: '한국어' }

function LanguageName({ locale }: { locale: string }) {
  return <span lang={locale}>{languages[locale] ?? locale}</span>
}

const looks = {
  QUEUED: { tone: 'warn', icon: Clock },
  SENT: { tone: 'ok', icon: CircleCheck },
  FAILED: { tone: 'bad', icon: CircleAlert },
} as const

function Status({ status }: { status: MailStatus }) {
  const t = useTranslations('mailbox.outbox.statuses')
  const { tone, icon: Icon } = looks[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(status)}
    </Badge>
  )
}

function Nothing({ loading, filtered }: { loading: boolean; filtered: boolean }) {
  const t = useTranslations('mailbox')
  if (!loading) return <EmptyState icon={<Send aria-hidden />} title={t(filtered ? 'outbox.noneLike' : 'outbox.none')} />
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-8" />
      ))}
    </div>
  )
}
