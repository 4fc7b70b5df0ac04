'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Select } from '@/components/ui/input.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { type BuildStatus, buildStatuses } from '@/server/builds/schema.ts'
import { BuildTable } from './build-table.tsx'
import { BuildTrend } from './build-trend.tsx'
import { historyKey } from './history-query.ts'
import { isFinal } from './status.ts'

/** A service's builds, the newest first: their trend as a picture, and a table one can page through and filter. */
export function BuildHistory({ service }: { service: string }) {
  const t = useTranslations('service.history')
  const [status, setStatus] = useState<BuildStatus | undefined>()
  const client = useTRPCClient()
  const query = useInfiniteQuery({
    queryKey: historyKey(service, status),
    queryFn: ({ pageParam, signal }) => client.builds.list.query({ service, status, before: pageParam || undefined }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.builds.some((build) => !isFinal(build.status)) ? 3_000 : 15_000),
  })
  useChanges([service], query.refetch)
  const builds = query.data?.pages.flatMap((page) => page.builds) ?? []
  return (
    <Card>
      <CardHeader title={t('title')}>
        <Select
          aria-label={t('filter')}
          value={status ?? ''}
          onChange={({ target }) => setStatus((target.value || undefined) as BuildStatus)}
        >
          <option value="">{t('all')}</option>
          {buildStatuses.map((name) => (
            <StatusOption key={name} status={name} />
          ))}
        </Select>
      </CardHeader>
      {!status && builds.length > 1 && <BuildTrend service={service} builds={builds.slice(0, 25)} />}
      {builds.length > 0 ? (
        <BuildTable service={service} builds={builds} />
      ) : (
        <Nothing loading={query.isPending} filtered={status !== undefined} />
      )}
      {query.hasNextPage && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Nothing({ loading, filtered }: { loading: boolean; filtered: boolean }) {
  const t = useTranslations('service.history')
  if (!loading) return <EmptyState icon={<History aria-hidden />} title={t(filtered ? 'noneLike' : 'none')} />
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-8" />
      ))}
    </div>
  )
}

function StatusOption({ status }: { status: BuildStatus }) {
  return <option value={status}>{useTranslations('status')(status)}</option>
}
