'use client'

import { useQuery } from '@tanstack/react-query'
import { FileSearch, SlidersHorizontal } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import type { BuildView } from '@/server/builds/schema.ts'

/** The document that a review leaves in its build. */
export const reviewName = 'review.json'

/** Whether the review is what ended this build. */
export const stoppedByReview = (build: BuildView): boolean =>
  build.status === 'FAILURE' && build.stages.some(({ key, status }) => key === 'review' && status === 'FAILURE')

/** Why the review kept a build from being deployed, and where to go from here. */
export function ReviewStop({ build, onOpen }: { build: BuildView; onOpen: () => void }) {
  const t = useTranslations('review.stop')
  const { data: project } = useQuery(useTRPC().projects.get.queryOptions({ service: build.service }))
  const role = project?.role ?? 'PUBLIC'
  return (
    <Banner tone="bad" title={t('title')}>
      {build.reasonUnreadable ? <CannotOpen /> : <bdi>{build.reason}</bdi>}
      <span className="mt-3 flex flex-wrap items-center gap-2">
        {build.artifacts.some(({ name }) => name === reviewName) && (
          <Button size="sm" onClick={onOpen}>
            <FileSearch aria-hidden />
            {t('open')}
          </Button>
        )}
        {role === 'OWNER' && (
          <Button size="sm" asChild>
            <Link href={`/${build.service}/settings#code`}>
              <SlidersHorizontal aria-hidden />
              {t('settings')}
            </Link>
          </Button>
        )}
        {(role === 'MAINTAINER' || role === 'VIEWER') && <span className="text-muted text-xs">{t('owner')}</span>}
      </span>
    </Banner>
  )
}
