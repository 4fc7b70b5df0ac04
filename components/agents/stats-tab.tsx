'use client'

import { useQuery } from '@tanstack/react-query'
import { ChartNoAxesColumn } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Cost } from '@/components/ai/cost.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useWorkspaceChanges } from '@/components/client/use-workspace.ts'
import { RunDays } from '@/components/dashboard/run-days.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Agent } from '@/server/agents/schema.ts'
import { useRate } from './agent-tile.tsx'

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="bg-surface p-4">
      <dt className="text-faint text-xs">{label}</dt>
      <dd className="tabular mt-0.5 font-semibold text-lg">{children}</dd>
    </div>
  )
}

/** The agent's last thirty days; they follow its runs. */
function AgentDays({ agentId }: { agentId: string }) {
  const { data, refetch } = useQuery(useTRPC().dashboard.agentDays.queryOptions({ agentId }))
  useWorkspaceChanges(({ kind }) => {
    if (kind === 'agents' || kind === 'ended') void refetch()
  })
  return data ? <RunDays days={data.days} /> : null
}

/** How an agent's runs went, whoever began them. */
export function StatsTab({ agent }: { agent: Agent }) {
  const t = useTranslations('agentForm.stats')
  const words = useTranslations('agents')
  const [format, rate] = [useFormatter(), useRate()]
  const { runs, succeeded, tokens, costMicros, lastRunAt, createdAt, version } = agent
  if (runs === 0)
    return (
      <Card className="max-w-4xl">
        <EmptyState icon={<ChartNoAxesColumn aria-hidden />} title={t('none')}>
          {t('noneText')}
        </EmptyState>
      </Card>
    )
  return (
    <div className="grid max-w-4xl gap-4">
      <Card className="overflow-hidden">
        <CardHeader title={t('title')} />
        <dl className="grid grid-cols-2 gap-px bg-line md:grid-cols-3">
          <Fact label={words('figures.runs')}>{format.number(runs)}</Fact>
          <Fact label={words('figures.rate')}>{rate(agent)}</Fact>
          <Fact label={t('succeeded')}>{format.number(succeeded)}</Fact>
          <Fact label={t('failed')}>{format.number(runs - succeeded)}</Fact>
          <Fact label={words('figures.tokens')}>{format.number(tokens)}</Fact>
          <Fact label={words('figures.cost')}>
            <Cost micros={costMicros} />
          </Fact>
          <Fact label={t('perRun')}>
            <Cost micros={Math.round(costMicros / runs)} />
          </Fact>
          <Fact label={words('figures.lastRun')}>{lastRunAt ? <TimeAgo at={lastRunAt} /> : words('never')}</Fact>
          <Fact label={t('since')}>
            <TimeAgo at={createdAt} /> · {t('version')} {version}
          </Fact>
        </dl>
      </Card>
      <AgentDays agentId={agent.id} />
    </div>
  )
}
