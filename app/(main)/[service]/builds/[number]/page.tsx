import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { BuildPage } from '@/components/builds/build-page.tsx'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

type Props = {
  params: Promise<{ service: string; number: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { service, number } = await params
  return { title: `${service} #${number}` }
}

export default async function BuildNumberPage({ params, searchParams }: Props) {
  const { service, number: written } = await params
  const { tab, artifact } = await searchParams
  const number = Number(written)
  const chosen = Object.entries({ tab, artifact }).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const path = `/${service}/builds/${number}${chosen.length > 0 ? `?${new URLSearchParams(chosen)}` : ''}`
  const api = await serverCaller(await headers())
  const reading = load(
    path,
    once(`${service} ${number}`, () => api.builds.get({ service, number })),
  )
  const [build, me, shell, t] = await Promise.all([reading, api.accounts.me(), getTranslations('shell'), getTranslations('build')])
  const home = me ? [{ name: shell('dashboard'), href: '/dashboard' }] : []
  const trail = [...home, { name: service, href: `/${service}` }, { name: t('title', { number }) }]
  return (
    <Hydrate
      words={[
        'architecture',
        'artifacts',
        'build',
        'cause',
        'console',
        'criteria',
        'review',
        'roles',
        'service',
        'specification',
        'stages',
        'status',
      ]}
      data={[[queryKeys.builds.get.queryKey({ service, number }), build]]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={trail} />
      <BuildPage
        service={service}
        number={number}
        initialTab={typeof tab === 'string' ? tab : null}
        initialArtifact={typeof artifact === 'string' ? artifact : null}
      />
    </Hydrate>
  )
}
