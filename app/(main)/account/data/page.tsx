import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { DataPage } from '@/components/offboarding/data-page.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('profile'))('tabs.data') }
}

export default async function AccountDataPage() {
  const api = await serverCaller(await headers())
  const [preview, me] = await load('/account/data', Promise.all([api.offboarding.preview(), api.accounts.me()]))
  return (
    <Hydrate words={['offboarding']} data={[[queryKeys.offboarding.preview.queryKey(), preview]]}>
      <DataPage admin={me?.admin ?? false} />
    </Hydrate>
  )
}
