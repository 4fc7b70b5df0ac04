'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Select } from '@/components/ui/input.tsx'
import { type BuildStatus, buildStatuses } from '@/server/builds/schema.ts'
import { BuildTable } from './build-table.tsx'
import { BuildTrend } from './build-trend.tsx'
import { isFinal } from './status.ts'

/** A service's builds, the newest first: their trend as a picture, and a table one can page through and filter. */
export function BuildHistory({ service }: { service: string }) {
  const t = useTranslations('service.history')
  const [status, setStatus] = useState<BuildStatus | undefined>()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const filter = { service, ...(status ? { status } : {}) }
  const query = useInfiniteQuery({
    queryKey: [...trpc.builds.list.queryKey(filter), 'pages'],
    queryFn: ({ pageParam, signal }) => client.builds.list.query({ ...filter, ...(pageParam ? { before: pageParam } : {}) }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.builds.some((build) => !isFinal(build.status)) ? 2_000 : 15_000),
  })
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
        <EmptyState icon={<History aria-hidden />} title={query.isPending ? t('loading') : status ? t('noneLike') : t('none')} />
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

function StatusOption({ status }: { status: BuildStatus }) {
  return <option value={status}>{useTranslations('status')(status)}</option>
}
