'use client'

import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Duration } from '@/components/ui/time.tsx'
import type { Overview } from '@/server/administration/schema.ts'

const looks = {
  healthy: { icon: CircleCheck, tone: 'ok' },
  degraded: { icon: TriangleAlert, tone: 'warn' },
  unhealthy: { icon: CircleX, tone: 'bad' },
} as const
const named = ['database', 'model', 'executor', 'mail', 'vault'] as const

/** What the server depends on and how each of it is; and which server this is. */
export function HealthCard({ overview }: { overview: Overview }) {
  const t = useTranslations('admin.health')
  const { health, server } = overview
  const { icon: Icon, tone } = looks[health.status]
  return (
    <Card>
      <CardHeader title={t('title')}>
        <Badge tone={tone}>
          <Icon aria-hidden />
          {t(`statuses.${health.status}`)}
        </Badge>
      </CardHeader>
      <ul className="divide-y">
        {health.dependencies.map((dependency) => (
          <Dependency key={dependency.name} {...dependency} />
        ))}
      </ul>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 border-t px-4 py-3">
        <div>
          <dt className="text-faint text-xs">{t('version')}</dt>
          <dd className="tabular">{server.version}</dd>
        </div>
        <div>
          <dt className="text-faint text-xs">{t('build')}</dt>
          <dd className="font-mono text-xs leading-5">{server.build}</dd>
        </div>
        <div>
          <dt className="text-faint text-xs">{t('up')}</dt>
          <dd>
            <Duration from={server.startedAt} to={null} />
          </dd>
        </div>
      </dl>
    </Card>
  )
}

function Dependency({ name, healthy, reason }: Overview['health']['dependencies'][number]) {
  const t = useTranslations('admin.health')
  const known = named.find((one) => one === name)
  const Icon = healthy ? CircleCheck : CircleX
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-0.5 px-4 py-2">
      <Icon aria-hidden className={healthy ? 'size-4 text-ok' : 'size-4 text-bad'} />
      <span className="flex-1 font-medium">{known ? t(`names.${known}`) : name}</span>
      <span className={healthy ? 'text-muted text-xs' : 'text-bad text-xs'}>{t(healthy ? 'healthy' : 'unhealthy')}</span>
      {reason && <span className="w-full pl-6 font-mono text-faint text-xs [overflow-wrap:anywhere]">{reason}</span>}
    </li>
  )
}
