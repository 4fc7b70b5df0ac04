import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { cache, type ReactNode } from 'react'
import { decide } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { queryKeys } from '@/components/client/query-keys.ts'
import { ServiceTabs } from '@/components/projects/service-tabs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
}

// No service is called otherwise: whoever is not signed in need not sign in to learn that of /favicon.ico.
const serviceName = /^[a-z0-9-]{1,64}$/

const look = cache(async (service: string) => {
  if (!serviceName.test(service)) notFound()
  const api = await serverCaller(await headers())
  return decide(api.projects.get({ service }))
})

/** Search engines are sent away from what is not for everybody. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const project = await look((await params).service).catch(() => null)
  return project?.publicRead ? {} : { robots: { index: false, follow: false } }
}

export default async function ServiceLayout({ params, children }: Props & { children: ReactNode }) {
  const { service } = await params
  const project = await look(service)
  return (
    <Hydrate words={['members']} data={[[queryKeys.projects.get.queryKey({ service }), project]]}>
      <ServiceTabs service={service} />
      {children}
    </Hydrate>
  )
}
