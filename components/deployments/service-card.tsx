'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { ServiceView } from '@/server/deployments/schema.ts'
import { ServiceState } from './service-state.tsx'

type Deployment = ServiceView['deployments'][number]
const tones: Record<Deployment['status'], Tone> = { STARTING: 'run', HEALTHY: 'ok', FAILED: 'bad', REPLACED: 'idle' }

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="tabular mt-0.5">{children}</dd>
    </div>
  )
}

function DeploymentRow({ service, deployment }: { service: string; deployment: Deployment }) {
  const t = useTranslations('service.deployments')
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-4 py-2">
      <span className="tabular font-medium">#{deployment.number}</span>
      <Badge tone={tones[deployment.status]}>{t(`status.${deployment.status}`)}</Badge>
      {deployment.current && <Badge tone="accent">{t('current')}</Badge>}
      <Link href={`/${service}/builds/${deployment.build}`} className="tabular rounded text-accent text-xs hover:underline">
        {t('build', { number: deployment.build })}
      </Link>
      <span className="ml-auto text-faint text-xs">
        <TimeAgo at={deployment.createdAt} />
      </span>
      {deployment.reasonUnreadable && <CannotOpen className="w-full text-xs" />}
      {deployment.reason && <p className="w-full text-muted text-xs [overflow-wrap:anywhere]">{deployment.reason}</p>}
    </li>
  )
}

/** Whether the app runs, since when, which build it is, and what was deployed before. */
export function ServiceCard({ view }: { view: ServiceView }) {
  const t = useTranslations('service')
  const said = useTranslations('said')
  const dash = <span className="text-faint">–</span>
  return (
    <Card>
      <CardHeader title={t('state.title')}>
        <ServiceState state={view.state} />
      </CardHeader>
      <CardBody className="grid gap-4">
        {view.reasonUnreadable && <CannotOpen />}
        {view.runUnreadable && <Banner tone="warn">{said('runUnreadable')}</Banner>}
        {view.reason && <Banner tone={view.state === 'DOWN' ? 'bad' : 'info'}>{view.reason}</Banner>}
        <dl className="grid grid-cols-2 gap-3">
          <Fact name={t('state.since')}>{view.changedAt ? <TimeAgo at={view.changedAt} /> : dash}</Fact>
          <Fact name={t('state.checked')}>{view.checkedAt ? <TimeAgo at={view.checkedAt} /> : dash}</Fact>
          <Fact name={t('state.version')}>
            {view.current ? (
              <Link href={`/${view.service}/builds/${view.current.build}`} className="rounded text-accent hover:underline">
                {t('deployments.build', { number: view.current.build })}
              </Link>
            ) : (
              dash
            )}
          </Fact>
          <Fact name={t('state.probe')}>
            {view.monitoring ? (
              <span className="font-mono text-xs">{`${view.monitoring.probe.path} · ${view.monitoring.probe.intervalMs / 1000} s`}</span>
            ) : view.monitoringUnreadable ? (
              <CannotOpen className="text-xs" />
            ) : (
              dash
            )}
          </Fact>
        </dl>
      </CardBody>
      {view.deployments.length > 0 && (
        <>
          <h3 className="border-t bg-sunken px-4 py-1.5 font-medium text-faint text-xs">{t('deployments.title')}</h3>
          <ol>
            {view.deployments.slice(0, 5).map((deployment) => (
              <DeploymentRow key={deployment.number} service={view.service} deployment={deployment} />
            ))}
          </ol>
        </>
      )}
    </Card>
  )
}
