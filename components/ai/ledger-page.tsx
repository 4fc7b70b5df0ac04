'use client'

import { Download, FileLock2, Lock } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAddress } from '@/components/client/use-address.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { type LedgerAllFilter, ledgerExportLimit } from '@/server/ai/schema.ts'
import { LedgerFilters } from './ledger-filters.tsx'
import { type LedgerView, ledgerFile, ledgerFilter } from './ledger-query.ts'
import { LedgerRows } from './ledger-rows.tsx'
import { LedgerTotals } from './ledger-totals.tsx'
import { useLedger, useLedgerChoices } from './use-ledger.ts'

/** Every sending to a model, the newest first, live, filtered as one types. `service` is null for those of all projects. */
export function LedgerPage({ service, start }: { service: string | null; start: LedgerView }) {
  const t = useTranslations('ledger')
  const [view, setView] = useState(start)
  // One string, so that what settles is compared by what it says.
  const settled: LedgerView = JSON.parse(useSettled(JSON.stringify(view), 250))
  const filter = ledgerFilter(settled, useAlive())
  const { totals, list, newer } = useLedger(service, filter)
  const { data: choices } = useLedgerChoices(service)
  useAddress({ ...settled })
  return (
    <>
      <PageHeader
        className="mb-4"
        title={t('title')}
        meta={<Intro all={service === null} />}
        actions={<Export service={service} filter={filter} />}
      />
      {totals.data && <LedgerTotals totals={totals.data} busy={totals.isPlaceholderData} />}
      <Card className="overflow-hidden" aria-busy={list.isPlaceholderData}>
        <LedgerFilters view={view} choices={choices} all={service === null} onChange={(change) => setView({ ...view, ...change })} />
        {newer && (
          <div className="border-b p-2 text-center">
            <Button size="sm" onClick={() => list.refetch()}>
              {t('newer')}
            </Button>
          </div>
        )}
        <Sendings service={service} list={list} filtered={Object.values(settled).some(Boolean)} />
      </Card>
    </>
  )
}

function Intro({ all }: { all: boolean }) {
  const t = useTranslations('ledger')
  return (
    <div className="grid gap-0.5">
      <p>{t(all ? 'introAll' : 'intro')}</p>
      <p className="flex items-start gap-1.5">
        <Lock aria-hidden className="mt-0.5 size-4 shrink-0" />
        {t('claim')}
      </p>
    </div>
  )
}

function Export({ service, filter }: { service: string | null; filter: LedgerAllFilter }) {
  const t = useTranslations('ledger')
  const format = useFormatter()
  return (
    <Button asChild>
      <a href={ledgerFile(service, filter)} download title={t('exportHint', { limit: format.number(ledgerExportLimit) })}>
        <Download aria-hidden />
        {t('export')}
      </a>
    </Button>
  )
}

function Sendings({ service, list, filtered }: { service: string | null; list: ReturnType<typeof useLedger>['list']; filtered: boolean }) {
  const t = useTranslations('ledger')
  const calls = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      {list.isError && (
        <Banner tone="bad" className="m-4" action={<Button onClick={() => list.refetch()}>{t('again')}</Button>}>
          {t('failedToLoad')}
        </Banner>
      )}
      {calls.length > 0 && <LedgerRows service={service} calls={calls} />}
      {list.isPending && <Loading />}
      {list.isSuccess && calls.length === 0 && (
        <EmptyState icon={<FileLock2 aria-hidden />} title={t(filtered ? 'none' : 'empty')}>
          {t(filtered ? 'noneText' : 'emptyText')}
        </EmptyState>
      )}
      {list.hasNextPage && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </>
  )
}

function Loading() {
  const t = useTranslations('ledger')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-8" />
      ))}
    </div>
  )
}
