'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Overview } from '@/server/administration/schema.ts'
import { Proportion } from './proportion.tsx'

function Figure({ name, value, children }: { name: string; value: ReactNode; children?: ReactNode }) {
  return (
    <Card className="flex flex-col gap-2 px-4 py-3">
      <h2 className="text-muted text-xs">{name}</h2>
      <p className="tabular font-semibold text-2xl tracking-tight">{value}</p>
      {children && <div className="mt-auto grid gap-2 pt-1 text-muted text-xs">{children}</div>}
    </Card>
  )
}

type Props = { overview: Overview }

/** How many people there are, and how they stand; each part leads to the list of them. */
export function PeopleFigure({ overview: { people } }: Props) {
  const t = useTranslations('admin.people')
  const format = useFormatter()
  const href = (filter: string) => `/admin/users?filter=${filter}`
  return (
    <Figure name={t('title')} value={format.number(people.all)}>
      <p>{t('active', { count: people.active })}</p>
      <Proportion
        parts={[
          { key: 'approved', name: t('approved'), count: people.approved, colour: 'text-ok', href: href('approved') },
          { key: 'waiting', name: t('waiting'), count: people.waiting, colour: 'text-warn', href: href('waiting') },
          { key: 'suspended', name: t('suspended'), count: people.suspended, colour: 'text-bad', href: href('suspended') },
        ]}
      />
    </Figure>
  )
}

export function ServicesFigure({ overview: { services, projects } }: Props) {
  const t = useTranslations('admin.services')
  const title = useTranslations('admin')('projects')
  const format = useFormatter()
  const colours = {
    up: 'text-ok',
    starting: 'text-run',
    down: 'text-bad',
    stopped: 'text-idle',
    neverDeployed: 'text-line-strong',
  } as const
  const parts = (Object.keys(colours) as (keyof typeof colours)[]).filter((key) => services[key] > 0 || key === 'up' || key === 'down')
  return (
    <Figure name={title} value={format.number(projects)}>
      <p>{t('title')}</p>
      <Proportion parts={parts.map((key) => ({ key, name: t(key), count: services[key], colour: colours[key] }))} />
    </Figure>
  )
}

/** How the builds go, and how many are at work and wait now. */
export function BuildsFigure({ overview: { queue, successRate } }: Props) {
  const t = useTranslations('admin.queue')
  const builds = useTranslations('admin.builds')
  const format = useFormatter()
  return (
    <Figure name={builds('rate')} value={successRate === null ? '–' : format.number(successRate, { style: 'percent' })}>
      <p>{successRate === null ? builds('none') : builds('rateHint')}</p>
      {successRate !== null && <Progress value={successRate} label={builds('rate')} />}
      <dl className="grid gap-0.5 border-t pt-2">
        <Line name={t('title')}>{t('waiting', { count: queue.queued })}</Line>
        {queue.oldestQueuedAt && (
          <Line name={t('since')}>
            <TimeAgo at={queue.oldestQueuedAt} />
          </Line>
        )}
        <Line name={t('work')}>{t('places', { running: queue.running, places: queue.places })}</Line>
      </dl>
    </Figure>
  )
}

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-2">
      <dt>{name}</dt>
      <dd className="tabular text-right text-ink">{children}</dd>
    </div>
  )
}

const perUnit = 1_000_000

export function SpentFigure({ overview: { spent, storage } }: Props) {
  const t = useTranslations('admin')
  const format = useFormatter()
  const money = (micros: number) =>
    format.number(micros / perUnit, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', maximumFractionDigits: 2 })
  return (
    <Figure name={t('spent.title')} value={money(spent.micros)}>
      <p>
        {t('spent.calls', { count: spent.calls })}
        {spent.demoMicros > 0 && <> · {t('spent.demo', { amount: money(spent.demoMicros) })}</>}
      </p>
      <dl className="grid gap-0.5 border-t pt-2">
        <Line name={t('storage.database')}>
          <ByteSize bytes={storage.databaseBytes} />
        </Line>
        <Line name={t('storage.artifacts', { count: storage.artifacts })}>
          <ByteSize bytes={storage.artifactBytes} />
        </Line>
      </dl>
    </Figure>
  )
}
