import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { NewAgentForm } from '@/components/agents/new-agent.tsx'
import { TemplateGrid } from '@/components/agents/template-grid.tsx'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('agentForm'))('newTitle') }
}

/** First the choice of what to begin with, then the form; which of them stands in the address. */
export default async function NewAgentPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { template: wanted } = await searchParams
  const api = await serverCaller(await headers())
  const reading = Promise.all([api.agents.templates(), api.workspace.engines(), api.builds.jobs()])
  const [[{ items }, engines, jobs], t, agents, shell] = await Promise.all([
    load('/agents/new', reading),
    getTranslations('agentForm'),
    getTranslations('agents'),
    getTranslations('shell'),
  ])
  const template = items.find(({ key }) => key === wanted) ?? null
  const chosen = template !== null || wanted === 'blank'
  const data: Parameters<typeof Hydrate>[0]['data'] = [
    [queryKeys.workspace.engines.queryKey(), engines],
    [queryKeys.builds.jobs.queryKey(), jobs],
  ]
  return (
    <Hydrate words={['agents', 'agentForm']} data={data}>
      <Breadcrumbs label={shell('breadcrumbs')} items={[{ name: agents('title'), href: '/agents' }, { name: t('newTitle') }]} />
      <PageHeader className="mb-4" title={t('newTitle')} meta={!chosen && agents('emptyText')} />
      {chosen ? <NewAgentForm key={String(wanted)} template={template} /> : <TemplateGrid />}
    </Hydrate>
  )
}
