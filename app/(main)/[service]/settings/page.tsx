import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { SettingsPage } from '@/components/projects/settings-page.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'
import { servicesDomain } from '@/server/core/env.ts'

interface Props {
  params: Promise<{ service: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ service }, t] = [await params, await getTranslations('projectSettings')]
  return { title: `${t('title')} · ${service}` }
}

export default async function ServiceSettingsPage({ params }: Props) {
  const { service } = await params
  const api = await serverCaller(await headers())
  // The members are asked for because they are for members alone: everybody else has nothing to look for here.
  const reading = Promise.all([
    api.projects.get({ service }),
    api.builds.list({ service, limit: 1 }),
    api.members.list({ service, limit: 1 }),
    api.ai.settings({ service }),
  ])
  const [[project, { builds }, , settings], t, shell] = await Promise.all([
    load(`/${service}/settings`, reading),
    getTranslations('projectSettings'),
    getTranslations('shell'),
  ])
  const trail = [{ name: shell('dashboard'), href: '/dashboard' }, { name: service, href: `/${service}` }, { name: t('title') }]
  return (
    <Hydrate
      words={['projectSettings', 'codeSettings']}
      data={[
        [queryKeys.projects.get.queryKey({ service }), project],
        [queryKeys.ai.settings.queryKey({ service }), settings],
      ]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={trail} />
      <SettingsPage service={service} built={builds.length > 0} domain={servicesDomain()} />
    </Hydrate>
  )
}
