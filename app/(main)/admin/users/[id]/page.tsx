import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { PersonPage } from '@/components/administration/person-page.tsx'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('users'))('title') }
}

export default async function UserPage({ params }: Props) {
  const { id } = await params
  const api = await serverCaller(await headers())
  const person = await load(
    `/admin/users/${encodeURIComponent(id)}`,
    once(`user ${id}`, () => api.administration.user({ id })),
  )
  return (
    <Hydrate words={['audit', 'members', 'users']} data={[[queryKeys.administration.user.queryKey({ id }), person]]}>
      <PersonPage id={id} />
    </Hydrate>
  )
}
