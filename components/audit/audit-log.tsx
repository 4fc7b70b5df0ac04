'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Download, ScrollText } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { useAddress } from '@/components/client/use-address.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/components/ui/menu.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { type AuditFilter, exportFormats, exportLimit } from '@/server/audit/schema.ts'
import { AuditEntries } from './audit-entries.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { type AuditView, auditFilter, auditKey, exportPath } from './audit-query.ts'

function useEntries(filter: AuditFilter) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: auditKey(filter),
    queryFn: ({ pageParam, signal }) => client.audit.list.query({ ...filter, before: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** Every act of administration, the newest first, filtered as one types. */
export function AuditLog({ start }: { start: AuditView }) {
  const t = useTranslations('audit')
  const [view, setView] = useState(start)
  // One string, so that what settles is compared by what it says.
  const settled: AuditView = JSON.parse(useSettled(JSON.stringify(view), 250))
  const filter = auditFilter(settled, useAlive())
  const log = useEntries(filter)
  useAddress({ ...settled })
  const entries = log.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHeader className="mb-4" title={t('title')} meta={t('intro')} actions={<ExportMenu filter={filter} />} />
      <Card className="overflow-hidden" aria-busy={log.isFetching}>
        <AuditFilters view={view} onChange={(change) => setView({ ...view, ...change })} />
        {log.isPending ? (
          <Loading />
        ) : entries.length > 0 ? (
          <AuditEntries entries={entries} />
        ) : (
          <Nothing filtered={Object.values(settled).some(Boolean)} />
        )}
        {log.hasNextPage && (
          <div className="border-t p-2 text-center">
            <Button variant="ghost" size="sm" onClick={() => log.fetchNextPage()} disabled={log.isFetchingNextPage}>
              {t('more')}
            </Button>
          </div>
        )}
      </Card>
    </>
  )
}

function ExportMenu({ filter }: { filter: AuditFilter }) {
  const t = useTranslations('audit')
  const format = useFormatter()
  const alive = useAlive()
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button disabled={!alive}>
          <Download aria-hidden />
          {t('export')}
        </Button>
      </MenuTrigger>
      <MenuContent className="max-w-64">
        {exportFormats.map((one) => (
          <MenuItem key={one} asChild>
            <a href={exportPath(filter, one)} download>
              {t(one)}
            </a>
          </MenuItem>
        ))}
        <MenuLabel>{t('exportHint', { limit: format.number(exportLimit) })}</MenuLabel>
      </MenuContent>
    </Menu>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  const t = useTranslations('audit')
  return (
    <EmptyState icon={<ScrollText aria-hidden />} title={t(filtered ? 'none' : 'empty')}>
      {filtered && t('noneText')}
    </EmptyState>
  )
}

function Loading() {
  const t = useTranslations('audit')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-8" />
      ))}
    </div>
  )
}
