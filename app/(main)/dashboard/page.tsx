import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { ApplyHint } from '@/components/beta/apply-hint.tsx'
import { enter } from '@/components/beta/entrance.ts'
import { JobList } from '@/components/builds/job-list.tsx'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { AgentsOverview } from '@/components/dashboard/agents-overview.tsx'
import { latestAgents } from '@/components/dashboard/latest.ts'
import { Button } from '@/components/ui/button.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('dashboard'))('title') }
}

export default async function DashboardPage() {
  const api = await serverCaller(await headers())
  const [jobs, me, t] = await Promise.all([
    load(
      '/dashboard',
      once('jobs', () => api.builds.jobs()),
    ),
    api.accounts.me(),
    getTranslations('dashboard'),
  ])
  enter(me, jobs.length)
  // Agents are for those who were let in; who was asked into a project sees that.
  const [stats, agents] = me?.approved ? await load('/dashboard', Promise.all([api.dashboard.stats(), api.agents.list(latestAgents)])) : []
  const create = (
    <Button asChild variant="primary">
      <Link href="/projects/new">
        <Plus aria-hidden />
        {t('create')}
      </Link>
    </Button>
  )
  return (
    <Hydrate
      words={['agents', 'dashboard', 'serviceState', 'status']}
      data={[
        [queryKeys.builds.jobs.queryKey(), jobs],
        [queryKeys.dashboard.stats.queryKey(), stats],
        [queryKeys.agents.list.queryKey(latestAgents), agents],
      ]}
    >
      <PageHeader className="mb-4" title={t('title')} actions={jobs.length > 0 && me?.approved && create} />
      {!me?.approved && <ApplyHint />}
      <h2 className="mb-3 font-semibold text-lg">{t('projects')}</h2>
      <JobList />
      {me?.approved && <AgentsOverview />}
    </Hydrate>
  )
}
