import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { MembersPage } from '@/components/members/members-page.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ service }, t] = [await params, await getTranslations('members')]
  return { title: `${t('title')} · ${service}` }
}

const firstPage = <T,>(page: T) => ({ pages: [page], pageParams: [undefined] })

export default async function ServiceMembersPage({ params }: Props) {
  const { service } = await params
  const api = await serverCaller(await headers())
  const members = once(`members ${service}`, () => api.members.list({ service }))
  const [first, project] = await load(`/${service}/members`, Promise.all([members, api.projects.get({ service })]))
  const invitations = project.role === 'OWNER' ? await load(`/${service}/members`, api.members.invitations({ service })) : null
  const [t, shell] = await Promise.all([getTranslations('members'), getTranslations('shell')])
  const trail = [{ name: shell('dashboard'), href: '/dashboard' }, { name: service, href: `/${service}` }, { name: t('title') }]
  const { list, invitations: open } = queryKeys.members
  return (
    <Hydrate
      data={[
        [queryKeys.projects.get.queryKey({ service }), project],
        [list.infiniteQueryKey({ service }), firstPage(first)],
        ...(invitations ? [[open.infiniteQueryKey({ service }), firstPage(invitations)] as [readonly unknown[], unknown]] : []),
      ]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={trail} />
      <MembersPage service={service} />
    </Hydrate>
  )
}
