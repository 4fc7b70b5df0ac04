import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { PeopleList } from '@/components/administration/people-list.tsx'
import { peopleKey, peopleStart, peopleView } from '@/components/administration/people-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('users'))('title') }
}

export default async function UsersPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const asked = peopleView(await searchParams)
  const view = { ...asked, search: asked.search.trim() }
  const api = await serverCaller(await headers())
  const reading = Promise.all([api.administration.users(view), api.administration.userCounts()])
  const [people, counts] = await load('/admin/users', reading)
  return (
    <Hydrate
      words={['users']}
      data={[
        [peopleKey(view), peopleStart(people)],
        [queryKeys.administration.userCounts.queryKey(), counts],
      ]}
    >
      <PeopleList start={view} />
    </Hydrate>
  )
}
