'use client'

import { Bot, CalendarClock, Timer, User } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { OpenBuiltApp } from '@/components/deployments/open-app.tsx'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Duration, TimeAgo } from '@/components/ui/time.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import type { BuildView } from '@/server/builds/schema.ts'
import { AbortButton } from './abort-button.tsx'
import { Cause } from './cause.tsx'
import { ReviewStop, stoppedByReview } from './review-stop.tsx'
import { isFinal } from './status.ts'
import { StatusBadge } from './status-icon.tsx'

function DemoModelBadge() {
  const t = useTranslations('build')
  return (
    <Tooltip text={t('demoModelHint')}>
      <Badge tone="accent" tabIndex={0}>
        <Bot aria-hidden />
        {t('demoModel')}
      </Badge>
    </Tooltip>
  )
}

function Meta({ build }: { build: BuildView }) {
  const t = useTranslations('build')
  return (
    <>
      <span className="inline-flex items-center gap-1.5">
        <CalendarClock aria-hidden className="size-4 text-faint" />
        <Cause cause={build.cause} />
        <TimeAgo at={build.queuedAt} />
      </span>
      {build.startedBy && (
        <span className="inline-flex items-center gap-1.5">
          <User aria-hidden className="size-4 text-faint" />
          <bdi>{build.startedBy}</bdi>
        </span>
      )}
      <span className="inline-flex items-center gap-1.5">
        <Timer aria-hidden className="size-4 text-faint" />
        <span className="sr-only">{t('duration')}</span>
        {build.startedAt ? <Duration from={build.startedAt} to={build.endedAt} /> : t('waiting')}
      </span>
    </>
  )
}

const reasonTone = { FAILURE: 'bad', UNSTABLE: 'warn', ABORTED: 'warn' } as const

/** Why the build ended as it did, before anything else is read. */
function Reason({ build, onReview }: { build: BuildView; onReview: () => void }) {
  const t = useTranslations('build')
  if (stoppedByReview(build)) return <ReviewStop build={build} onOpen={onReview} />
  const tone = reasonTone[build.status as keyof typeof reasonTone]
  if (!tone || (!build.reason && !build.reasonUnreadable && !build.abortedBy)) return null
  return (
    <Banner tone={tone} title={t(`why.${build.status as keyof typeof reasonTone}`)}>
      {build.reasonUnreadable && !build.abortedBy ? (
        <CannotOpen />
      ) : (
        <bdi>{build.abortedBy ? t('abortedBy', { name: build.abortedBy }) : build.reason}</bdi>
      )}
    </Banner>
  )
}

/** What one wants to know of a build at the first look: how it stands, why it runs, how long. */
export function BuildHeader({ build, onReview }: { build: BuildView; onReview: () => void }) {
  const t = useTranslations('build')
  const deployed = build.status === 'SUCCESS' || build.status === 'UNSTABLE'
  const abortable = build.canAbort && !isFinal(build.status)
  return (
    <div className="grid grid-cols-1 gap-3">
      <PageHeader
        title={t('title', { number: build.number })}
        beside={
          <>
            <span aria-live="polite">
              <StatusBadge status={build.status} />
            </span>
            {build.demoModel && <DemoModelBadge />}
          </>
        }
        meta={<Meta build={build} />}
        actions={
          <>
            {deployed && <OpenBuiltApp service={build.service} build={build.number} />}
            {abortable && <AbortButton service={build.service} number={build.number} />}
          </>
        }
      />
      <Reason build={build} onReview={onReview} />
      {build.executor === 'process' && (
        <Banner tone="warn" title={t('processExecutor.title')}>
          {t('processExecutor.text')}
        </Banner>
      )}
    </div>
  )
}
