import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { ProfilePage } from '@/components/accounts/profile-page.tsx'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('profile'))('tabs.profile') }
}

export default async function AccountProfilePage() {
  const api = await serverCaller(await headers())
  const profile = await load('/account', api.accounts.profile())
  return (
    <Hydrate data={[[queryKeys.accounts.profile.queryKey(), profile]]}>
      <ProfilePage />
    </Hydrate>
  )
}
