import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { AgentsDesk } from '@/components/agents/agents-desk.tsx'
import { agentsInput, agentsView } from '@/components/agents/agents-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('agents'))('title') }
}

export default async function AgentsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const view = agentsView(await searchParams)
  const api = await serverCaller(await headers())
  const list = await load('/agents', api.agents.list(agentsInput(view)))
  return (
    <Hydrate words={['agents']} data={[[queryKeys.agents.list.queryKey(agentsInput(view)), list]]}>
      <AgentsDesk start={view} />
    </Hydrate>
  )
}
