'use client'

import { Clock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Mine } from '@/server/beta/schema.ts'

const steps = ['read', 'mail', 'start'] as const

/** "You are on the list": since when, at which place, and what happens next. */
export function Waiting({ mine, email }: { mine: Extract<Mine, { state: 'open' }>; email: string }) {
  const t = useTranslations('beta.open')
  const { application, position } = mine
  return (
    <Card>
      <CardBody className="grid gap-5 p-5 sm:p-6">
        <div className="flex items-start gap-3">
          <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent">
            <Clock aria-hidden className="size-5" />
          </span>
          <div className="min-w-0">
            <h2 className="font-semibold text-base">{t('title')}</h2>
            <p className="mt-1 text-muted [overflow-wrap:anywhere]">{t('text', { email })}</p>
          </div>
        </div>
        <dl className="grid gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-2">
          <div className="bg-surface px-4 py-3">
            <dt className="text-faint text-xs">{t('since')}</dt>
            <dd className="mt-0.5 font-medium">
              <TimeAgo at={application.createdAt} />
            </dd>
          </div>
          <div className="bg-surface px-4 py-3">
            <dt className="text-faint text-xs">{t('place')}</dt>
            <dd className="mt-0.5 font-medium">{t('placeValue', { position })}</dd>
          </div>
        </dl>
        <div>
          <h3 className="font-semibold text-sm">{t('next')}</h3>
          <ol className="mt-2 grid list-decimal gap-1 pl-5 text-muted marker:text-faint">
            {steps.map((step) => (
              <li key={step}>{t(`steps.${step}`)}</li>
            ))}
          </ol>
        </div>
        <Sent application={application} title={t('sent')} />
      </CardBody>
    </Card>
  )
}

/** What the person wrote, folded away. */
export function Sent({ application, title }: { application: Extract<Mine, { state: 'open' }>['application']; title: string }) {
  const t = useTranslations('beta.form')
  const said = [
    [t('name.label'), application.name],
    [t('company.label'), application.company],
    [t('teamSize.label'), t(`teamSize.sizes.${application.teamSize}`)],
    [t('purpose.label'), application.purpose],
  ].filter(([, value]) => value)
  return (
    <details className="rounded-md border">
      <summary className="cursor-pointer rounded-md px-4 py-2.5 font-medium text-sm">{title}</summary>
      <dl className="grid gap-3 border-t px-4 py-3">
        {said.map(([label, value]) => (
          <div key={label}>
            <dt className="text-faint text-xs">{label}</dt>
            <dd className="whitespace-pre-line [overflow-wrap:anywhere]">
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
