'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Application } from '@/server/beta/schema.ts'

/** Everything an applicant wrote, and what was decided. */
export function ApplicationDetails({ application, children }: { application: Application; children: ReactNode }) {
  const t = useTranslations('applications')
  const sizes = useTranslations('beta.form.teamSize.sizes')
  const { company, teamSize, purpose, locale, decided } = application
  const facts = [
    ['company', company || '–'],
    ['teamSize', sizes(teamSize)],
  ] as const
  return (
    <div className="grid gap-4 px-4 py-4 sm:pl-12">
      <dl className="grid gap-3 sm:grid-cols-3">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt className="text-muted text-xs">{t(`columns.${fact}`)}</dt>
            <dd className="[overflow-wrap:anywhere]">
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
        <div>
          <dt className="text-muted text-xs">{t('language')}</dt>
          <dd>{t(`languages.${locale === 'ko' ? 'ko' : 'en'}`)}</dd>
        </div>
        <div className="sm:col-span-3">
          <dt className="text-muted text-xs">{t('purpose')}</dt>
          <dd className="max-w-prose whitespace-pre-line [overflow-wrap:anywhere]">
            <bdi>{purpose}</bdi>
          </dd>
        </div>
      </dl>
      {decided && <Decided status={application.status} decided={decided} />}
      {children}
    </div>
  )
}

function Decided({ status, decided }: { status: Application['status']; decided: NonNullable<Application['decided']> }) {
  const t = useTranslations('applications')
  const words = decided.automatic
    ? t('decidedAutomatic')
    : decided.by
      ? t('decidedBy', { status, by: decided.by })
      : t('decidedGone', { status })
  return (
    <div className="grid gap-2 border-t pt-3">
      <p className="flex flex-wrap gap-x-2 text-muted">
        <bdi>{words}</bdi>
        <TimeAgo at={decided.at} />
      </p>
      {decided.message && (
        <figure>
          <figcaption className="text-muted text-xs">{t('message')}</figcaption>
          <blockquote className="max-w-prose whitespace-pre-line [overflow-wrap:anywhere]">
            <bdi>{decided.message}</bdi>
          </blockquote>
        </figure>
      )}
    </div>
  )
}
