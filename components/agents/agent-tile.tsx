'use client'

import { FolderKanban, Globe, Pencil } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Cost } from '@/components/ai/cost.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'
import { models } from '@/server/models/schema.ts'
import { AgentAvatar } from './agent-avatar.tsx'
import { AgentMenu } from './agent-menu.tsx'
import { AgentState } from './agent-status.tsx'
import { RunButton } from './run-button.tsx'

/** The name under which people know a model. */
export const modelLabel = (model: string): string => (models as Record<string, { label: string }>)[model]?.label ?? model

/** The share of runs that succeeded, in words; a dash without a run. */
export function useRate(): (agent: Pick<AgentCard, 'runs' | 'succeeded'>) => string {
  const format = useFormatter()
  return ({ runs, succeeded }) => (runs === 0 ? '–' : format.number(succeeded / runs, { style: 'percent', maximumFractionDigits: 0 }))
}

/** With whom an agent is shared, and whose it is where it is another's. */
export function AgentSharing({ agent }: { agent: AgentCard }) {
  const t = useTranslations('agents')
  if (!agent.own) return <bdi className="truncate">{t('by', { name: agent.owner || '?' })}</bdi>
  if (agent.sharing === 'private') return null
  const Icon = agent.sharing === 'all' ? Globe : FolderKanban
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">
        {agent.sharing === 'all'
          ? t('sharing.all')
          : agent.service
            ? t('sharing.project', { service: agent.service })
            : t('sharing.projectGone')}
      </span>
    </span>
  )
}

export function AgentTags({ tags }: { tags: string[] }) {
  return (
    <>
      {tags.map((tag) => (
        <Badge key={tag} className="max-w-40">
          <bdi className="truncate">{tag}</bdi>
        </Badge>
      ))}
    </>
  )
}

/** An agent's name, which leads to its page, with its picture and what it is for. */
export function AgentName({ agent, children }: { agent: AgentCard; children?: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-1 items-start gap-3">
      <AgentAvatar agent={agent} />
      <div className="min-w-0">
        <Link
          href={`/agents/${agent.id}`}
          className="line-clamp-2 rounded font-medium [overflow-wrap:anywhere] hover:text-accent hover:underline"
        >
          <bdi>{agent.name}</bdi>
        </Link>
        {children}
      </div>
    </div>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-faint text-xs">{label}</dt>
      <dd className="tabular truncate text-sm">{children}</dd>
    </div>
  )
}

/** One agent as a card: what it is, how it did, and what one can do with it. */
export function AgentTile({ agent }: { agent: AgentCard }) {
  const t = useTranslations('agents')
  const [format, rate] = [useFormatter(), useRate()]
  return (
    <li className="flex min-w-0 flex-col rounded-lg border bg-surface">
      <div className="flex flex-1 flex-col gap-3 p-4">
        <div className="flex items-start justify-between gap-2">
          <AgentName agent={agent}>
            <p className="truncate text-faint text-xs">{modelLabel(agent.model)}</p>
          </AgentName>
          <AgentState agent={agent} />
        </div>
        {agent.description && (
          <p className="line-clamp-2 text-muted text-sm [overflow-wrap:anywhere]">
            <bdi>{agent.description}</bdi>
          </p>
        )}
        <div className="mt-auto flex flex-wrap items-center gap-1.5 text-faint text-xs">
          <AgentTags tags={agent.tags.slice(0, 4)} />
          <AgentSharing agent={agent} />
        </div>
        <dl className="grid grid-cols-[auto_auto_auto_1fr] gap-x-5 gap-y-2">
          <Figure label={t('figures.runs')}>{format.number(agent.runs)}</Figure>
          <Figure label={t('columns.rate')}>{rate(agent)}</Figure>
          <Figure label={t('figures.cost')}>
            <Cost micros={agent.costMicros} />
          </Figure>
          <Figure label={t('figures.lastRun')}>{agent.lastRunAt ? <TimeAgo at={agent.lastRunAt} /> : t('never')}</Figure>
        </dl>
      </div>
      <div className="flex items-center gap-2 border-t px-4 py-2.5">
        <RunButton agent={agent} />
        <EditButton agent={agent} />
        {agent.own && (
          <span className="ml-auto">
            <AgentMenu agent={agent} />
          </span>
        )}
      </div>
    </li>
  )
}

/** Leads to an agent's form; for others' agents there is none. */
function EditButton({ agent }: { agent: AgentCard }) {
  const t = useTranslations('agents')
  if (!agent.own) return null
  return (
    <Button asChild size="sm" variant="ghost">
      <Link href={`/agents/${agent.id}`} prefetch={false} aria-label={t('editName', { name: agent.name })}>
        <Pencil aria-hidden />
        {t('edit')}
      </Link>
    </Button>
  )
}
