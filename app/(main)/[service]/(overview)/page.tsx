import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { historyKey, historyStart } from '@/components/builds/history-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { ServicePage } from '@/components/deployments/service-page.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).service }
}

export default async function OverviewPage({ params }: Props) {
  const { service } = await params
  const api = await serverCaller(await headers())
  const reading = Promise.all([api.projects.get({ service }), api.deployments.service({ service }), api.builds.list({ service })])
  const [[project, view, builds], me, shell] = await Promise.all([
    load(`/${service}`, reading),
    api.accounts.me(),
    getTranslations('shell'),
  ])
  const home = me ? [{ name: shell('dashboard'), href: '/dashboard' }] : []
  return (
    <Hydrate
      words={['artifacts', 'cause', 'service', 'serviceState', 'status']}
      data={[
        [queryKeys.projects.get.queryKey({ service }), project],
        [queryKeys.deployments.service.queryKey({ service }), view],
        [historyKey(service), historyStart(builds)],
      ]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={[...home, { name: service }]} />
      <ServicePage service={service} />
    </Hydrate>
  )
}
