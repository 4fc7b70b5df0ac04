'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Cost } from '@/components/ai/cost.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'
import { AgentMenu } from './agent-menu.tsx'
import { AgentState } from './agent-status.tsx'
import { AgentName, AgentSharing, AgentTags, modelLabel, useRate } from './agent-tile.tsx'
import { RunButton } from './run-button.tsx'

function AgentRow({ agent }: { agent: AgentCard }) {
  const t = useTranslations('agents')
  const [format, rate] = [useFormatter(), useRate()]
  return (
    <Tr className="hover:bg-sunken/60">
      <Td className="min-w-56 max-w-80">
        <AgentName agent={agent}>
          <p className="line-clamp-1 text-faint text-xs [overflow-wrap:anywhere]">
            <bdi>{agent.description}</bdi>
          </p>
          <p className="text-faint text-xs">
            <AgentSharing agent={agent} />
          </p>
        </AgentName>
      </Td>
      <Td className="w-0">
        <AgentState agent={agent} />
      </Td>
      <Td className="whitespace-nowrap">{modelLabel(agent.model)}</Td>
      <Td className="max-w-48">
        <span className="flex flex-wrap gap-1">
          <AgentTags tags={agent.tags.slice(0, 3)} />
        </span>
      </Td>
      <Td className="tabular text-right">{format.number(agent.runs)}</Td>
      <Td className="tabular text-right">{rate(agent)}</Td>
      <Td>{agent.lastRunAt ? <TimeAgo at={agent.lastRunAt} /> : <span className="text-faint">{t('never')}</span>}</Td>
      <Td className="tabular whitespace-nowrap text-right">
        <Cost micros={agent.costMicros} />
      </Td>
      <Td className="w-0">
        <span className="flex items-center justify-end gap-1">
          <RunButton agent={agent} />
          {agent.own && <AgentMenu agent={agent} />}
        </span>
      </Td>
    </Tr>
  )
}

/** Agents line by line; it scrolls sideways by itself on a phone. */
export function AgentsTable({ agents }: { agents: AgentCard[] }) {
  const t = useTranslations('agents.columns')
  return (
    <Card className="overflow-hidden">
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('agent')}</Th>
            <Th>{t('status')}</Th>
            <Th>{t('model')}</Th>
            <Th>{t('tags')}</Th>
            <Th className="text-right">{t('runs')}</Th>
            <Th className="text-right">{t('rate')}</Th>
            <Th>{t('lastRun')}</Th>
            <Th className="text-right">{t('cost')}</Th>
            {/* The hidden word stays in the table's own scrolled box. */}
            <Th className="relative">
              <span className="sr-only">{t('action')}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} />
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
