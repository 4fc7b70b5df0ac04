import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { OverviewPage } from '@/components/administration/overview-page.tsx'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('admin'))('title') }
}

export default async function AdminPage() {
  const api = await serverCaller(await headers())
  const overview = await load('/admin', api.administration.overview())
  return (
    <Hydrate data={[[queryKeys.administration.overview.queryKey(), overview]]}>
      <OverviewPage />
    </Hydrate>
  )
}
