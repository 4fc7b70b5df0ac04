'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'
import { DurationText } from '@/components/ui/time.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import type { BuildSummary } from '@/server/builds/schema.ts'
import { statusLooks } from './status.ts'
import { StatusIcon } from './status-icon.tsx'

const lengthOf = (build: BuildSummary) => (build.startedAt && build.endedAt ? Date.parse(build.endedAt) - Date.parse(build.startedAt) : 0)

/**
 * The last builds as bars, the oldest left: the height is the duration, colour and shape below it the status. Twenty-five links
 * need no chart library: each bar is a link that the keyboard reaches and a screen reader names.
 */
export function BuildTrend({ service, builds }: { service: string; builds: BuildSummary[] }) {
  const t = useTranslations('service.history')
  const longest = Math.max(1, ...builds.map(lengthOf))
  return (
    <figure className="border-b px-4 pt-3 pb-2">
      <figcaption className="tabular mb-2 flex justify-between text-faint text-xs">
        <span>{t('trend', { count: builds.length })}</span>
        <span>
          {t('longest')} <DurationText ms={longest} />
        </span>
      </figcaption>
      <ul className="flex h-20 items-stretch gap-1">
        {[...builds].reverse().map((build) => (
          <TrendBar key={build.number} service={service} build={build} share={lengthOf(build) / longest} />
        ))}
      </ul>
    </figure>
  )
}

function TrendBar({ service, build, share }: { service: string; build: BuildSummary; share: number }) {
  const t = useTranslations('status')
  const hint = (
    <span className="tabular inline-flex gap-2">
      #{build.number} {t(build.status)} <DurationText ms={lengthOf(build)} />
    </span>
  )
  return (
    <li className="min-w-0 max-w-10 flex-1">
      <Tooltip text={hint}>
        <Link
          href={`/${service}/builds/${build.number}`}
          className={cn('flex h-full flex-col justify-end gap-1 rounded hover:bg-sunken', statusLooks[build.status].text)}
        >
          <span className="sr-only">{hint}</span>
          <span
            aria-hidden
            className="mx-auto w-full max-w-6 rounded-t-sm bg-current opacity-80"
            style={{ height: `${Math.max(4, share * 100)}%` }}
          />
          <StatusIcon status={build.status} className="mx-auto size-3.5" />
        </Link>
      </Tooltip>
    </li>
  )
}
