'use client'

import { Bot, Plus } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { AgentTile } from '@/components/agents/agent-tile.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { FiguresRow } from './figures-row.tsx'
import { RunDays } from './run-days.tsx'
import { useDashboard } from './use-live.ts'

/** A person's agents on the dashboard: figures, the last thirty days, and those that ran last. */
export function AgentsOverview() {
  const t = useTranslations('dashboard.agents')
  const { stats, agents } = useDashboard()
  return (
    <section aria-labelledby="dashboard-agents" className="mt-8 grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="dashboard-agents" className="font-semibold text-lg">
          {t('title')}
        </h2>
        <div className="flex gap-2">
          <Button asChild size="sm" variant="ghost">
            <Link href="/agents">{t('all')}</Link>
          </Button>
          <Button asChild size="sm">
            <Link href="/agents/new">
              <Plus aria-hidden />
              {t('create')}
            </Link>
          </Button>
        </div>
      </div>
      {stats && <FiguresRow stats={stats} />}
      {stats && stats.runs.total > 0 && <RunDays days={stats.days} />}
      {agents && agents.items.length === 0 && (
        <Card>
          <EmptyState className="py-8" icon={<Bot aria-hidden />} title={t('empty')}>
            {t('emptyText')}
          </EmptyState>
        </Card>
      )}
      <ul className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
        {agents?.items.map((agent) => (
          <AgentTile key={agent.id} agent={agent} />
        ))}
      </ul>
    </section>
  )
}
