import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { PlatformKeys } from '@/components/rotation/platform-keys.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('keys'))('adminTitle') }
}

export default async function AdminKeysPage() {
  const api = await serverCaller(await headers())
  const ring = await load('/admin/keys', api.rotation.platform())
  return (
    <Hydrate words={['keys']} data={[[queryKeys.rotation.platform.queryKey(), ring]]}>
      <PlatformKeys />
    </Hydrate>
  )
}
