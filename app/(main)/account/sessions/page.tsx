import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { SessionsPage } from '@/components/accounts/sessions-page.tsx'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('profile'))('tabs.sessions') }
}

export default async function AccountSessionsPage() {
  const api = await serverCaller(await headers())
  const first = await load('/account/sessions', api.accounts.sessions({}))
  return (
    <Hydrate words={['sessions']} data={[[queryKeys.accounts.sessions.infiniteQueryKey({}), { pages: [first], pageParams: [undefined] }]]}>
      <SessionsPage />
    </Hydrate>
  )
}
