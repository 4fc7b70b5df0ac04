import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { ApplicationQueue } from '@/components/beta/queue.tsx'
import { queueInput, queueKey, queueStart, queueView } from '@/components/beta/queue-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'
import { baseUrl } from '@/server/core/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('applications'))('title') }
}

const place = '/admin/applications'
const isId = (id: unknown): id is string => typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)

export default async function ApplicationsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const asked = await searchParams
  const linkedId = isId(asked.id) ? asked.id : null
  const api = await serverCaller(await headers())
  const back = linkedId ? `${place}?id=${linkedId}` : place
  // A link may be older than the application it leads to.
  const [linked, first] = [linkedId ? await api.beta.get({ id: linkedId }).catch(() => null) : null, queueView(asked)]
  const view = linked && asked.status === undefined ? { ...first, tab: linked.status } : first
  const list = await load(back, api.beta.list(queueInput(view)))
  return (
    <Hydrate
      words={['applications', 'beta']}
      data={[
        [queueKey(view), queueStart(list)],
        ...(linked ? [[queryKeys.beta.get.queryKey({ id: linked.id }), linked] as [readonly unknown[], unknown]] : []),
      ]}
    >
      <ApplicationQueue start={view} linkedId={linkedId} address={`${baseUrl()}/beta`} />
    </Hydrate>
  )
}
