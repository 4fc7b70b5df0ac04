'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Stats } from '@/server/dashboard/schema.ts'

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="truncate text-faint text-xs">{label}</dt>
      <dd className="tabular mt-0.5 truncate font-semibold text-lg">{children}</dd>
    </div>
  )
}

/** How many agents there are and how their runs went, in five figures. */
export function FiguresRow({ stats }: { stats: Stats }) {
  const t = useTranslations('dashboard.stats')
  const format = useFormatter()
  const { agents, runs, lastActivityAt } = stats
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-5">
      <Figure label={t('agents')}>{format.number(agents.total)}</Figure>
      <Figure label={t('active')}>{format.number(agents.active)}</Figure>
      <Figure label={t('runs')}>{format.number(runs.total)}</Figure>
      <Figure label={t('rate')}>
        {runs.successRate === null ? t('none') : format.number(runs.successRate, { style: 'percent', maximumFractionDigits: 0 })}
      </Figure>
      <div className="min-w-0 bg-surface px-4 py-3 max-sm:col-span-2 sm:max-lg:col-span-2">
        <dt className="truncate text-faint text-xs">{t('last')}</dt>
        <dd className="mt-0.5 truncate font-semibold text-lg">{lastActivityAt ? <TimeAgo at={lastActivityAt} /> : t('never')}</dd>
      </div>
    </dl>
  )
}
