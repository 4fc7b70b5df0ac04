import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { AgentPage } from '@/components/agents/agent-page.tsx'
import { agentTabs } from '@/components/agents/agent-tabs.ts'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ id: string }>
  searchParams: Promise<Record<string, unknown>>
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('agents'))('title') }
}

export default async function OneAgentPage({ params, searchParams }: Props) {
  const [{ id }, { tab }] = [await params, await searchParams]
  const api = await serverCaller(await headers())
  const reading = Promise.all([once(`agent ${id}`, () => api.agents.get({ id })), api.workspace.engines(), api.builds.jobs()])
  const [[agent, engines, jobs], t, shell] = await Promise.all([
    load(`/agents/${id}`, reading),
    getTranslations('agents'),
    getTranslations('shell'),
  ])
  return (
    <Hydrate
      words={['agents', 'agentForm', 'artifacts', 'dashboard', 'documents']}
      data={[
        [queryKeys.agents.get.queryKey({ id }), agent],
        [queryKeys.workspace.engines.queryKey(), engines],
        [queryKeys.builds.jobs.queryKey(), jobs],
      ]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={[{ name: t('title'), href: '/agents' }, { name: agent.name }]} />
      <AgentPage id={id} start={agentTabs.find((one) => one === tab) ?? 'form'} />
    </Hydrate>
  )
}
