import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AdminNav } from '@/components/administration/admin-nav.tsx'
import { decide } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

/** Around every page of the administration; for everybody else there is no such place. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const sections = await decide(api.administration.sections())
  return (
    <Hydrate words={['admin']} data={[[queryKeys.administration.sections.queryKey(), sections]]}>
      <AdminNav />
      {children}
    </Hydrate>
  )
}
