import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { OwnersOnly } from '@/components/rotation/owners-only.tsx'
import { ProjectKeys } from '@/components/rotation/project-keys.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ service }, t] = [await params, await getTranslations('keys')]
  return { title: `${t('title')} · ${service}` }
}

export default async function ServiceKeysPage({ params }: Props) {
  const { service } = await params
  const path = `/${service}/keys`
  const api = await serverCaller(await headers())
  const [project, t, shell] = await Promise.all([
    load(path, api.projects.get({ service })),
    getTranslations('keys'),
    getTranslations('shell'),
  ])
  const trail = [{ name: shell('dashboard'), href: '/dashboard' }, { name: service, href: `/${service}` }, { name: t('title') }]
  const ring = project.role === 'OWNER' ? await load(path, api.rotation.keys({ service })) : null
  return (
    <Hydrate words={['keys']} data={ring ? [[queryKeys.rotation.keys.queryKey({ service }), ring]] : []}>
      <Breadcrumbs label={shell('breadcrumbs')} items={trail} />
      {ring ? <ProjectKeys service={service} /> : <OwnersOnly />}
    </Hydrate>
  )
}
