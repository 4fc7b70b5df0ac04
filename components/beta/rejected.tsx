'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { useTimeZone } from '@/components/ui/time.tsx'
import type { Mine } from '@/server/beta/schema.ts'
import { Sent } from './waiting.tsx'

/** What was decided, with the administrators' words, and when one may apply again. */
export function Rejected({ mine, mayApply }: { mine: Extract<Mine, { state: 'rejected' }>; mayApply: boolean }) {
  const t = useTranslations('beta')
  const format = useFormatter()
  const timeZone = useTimeZone() ?? 'UTC'
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: 'long', timeZone })
  return (
    <Card>
      <CardBody className="grid gap-4 p-5 sm:p-6">
        <div>
          <h2 className="font-semibold text-base">{t('rejected.title')}</h2>
          <p className="mt-1 text-muted">
            {t('rejected.text', { applied: day(mine.application.createdAt), decided: day(mine.decidedAt) })}
          </p>
        </div>
        {mine.message && (
          <figure className="rounded-md border-accent border-l-2 bg-sunken px-4 py-3">
            <figcaption className="text-faint text-xs">{t('rejected.message')}</figcaption>
            <blockquote className="mt-1 whitespace-pre-line [overflow-wrap:anywhere]">
              <bdi>{mine.message}</bdi>
            </blockquote>
          </figure>
        )}
        <p>{mayApply ? t('rejected.again') : t('rejected.later', { date: day(mine.mayApplyAt) })}</p>
        {!mayApply && <Sent application={mine.application} title={t('open.sent')} />}
      </CardBody>
    </Card>
  )
}
