'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { BuildDays } from './build-days.tsx'
import { BuildsFigure, PeopleFigure, ServicesFigure, SpentFigure } from './figures.tsx'
import { HealthCard } from './health-card.tsx'

/** How the platform is, at a glance; it is read anew by itself. */
export function OverviewPage() {
  const t = useTranslations('admin')
  const { data: overview, isError } = useQuery({ ...useTRPC().administration.overview.queryOptions(), refetchInterval: 20_000 })
  if (!overview) return null
  return (
    <div className="grid gap-4">
      <PageHeader title={t('title')} />
      {isError && <Banner tone="warn">{t('failed')}</Banner>}
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <PeopleFigure overview={overview} />
        <ServicesFigure overview={overview} />
        <BuildsFigure overview={overview} />
        <SpentFigure overview={overview} />
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <BuildDays days={overview.days} />
        <HealthCard overview={overview} />
      </div>
    </div>
  )
}
