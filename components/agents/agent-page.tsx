'use client'

import { useQuery } from '@tanstack/react-query'
import { ChartNoAxesColumn, FileText, History, SlidersHorizontal } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAddress } from '@/components/client/use-address.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { AgentDocuments } from '@/components/memory/documents.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import type { Agent } from '@/server/agents/schema.ts'
import { AgentAvatar } from './agent-avatar.tsx'
import { AgentMenu } from './agent-menu.tsx'
import { AgentState, useErrorText } from './agent-status.tsx'
import type { AgentTab } from './agent-tabs.ts'
import { AgentSharing, AgentTags, modelLabel } from './agent-tile.tsx'
import { EditAgentForm, useStoredForm } from './edit-agent.tsx'
import { RunButton } from './run-button.tsx'
import { StatsTab } from './stats-tab.tsx'
import { VersionsTab } from './versions-tab.tsx'

function Head({ agent }: { agent: Agent }) {
  const router = useRouter()
  const errorText = useErrorText()
  return (
    <>
      <PageHeader
        className="mb-4"
        title={
          <span className="flex items-center gap-3">
            <AgentAvatar agent={agent} large />
            <bdi>{agent.name}</bdi>
          </span>
        }
        beside={<AgentState agent={agent} />}
        meta={
          <>
            <span>{modelLabel(agent.model)}</span>
            <AgentSharing agent={agent} />
            <AgentTags tags={agent.tags} />
          </>
        }
        actions={
          <>
            <RunButton agent={agent} size="md" variant="primary" />
            {agent.own && <AgentMenu agent={agent} onDeleted={() => router.replace('/agents')} />}
          </>
        }
      />
      {agent.status === 'error' && (
        <Banner tone="bad" className="mb-4 max-w-4xl">
          {errorText(agent.statusReason)}
        </Banner>
      )}
    </>
  )
}

/** All that its owner sees of an agent. */
function OwnAgent({ agent, start }: { agent: Agent; start: AgentTab }) {
  const t = useTranslations('agentForm')
  const state = useStoredForm(agent)
  const [tab, setTab] = useState<string>(start)
  useAddress({ tab: tab === 'form' ? undefined : tab })
  // Files on their way go on while another tab is looked at.
  const [documents, setDocuments] = useState(tab === 'documents')
  if (tab === 'documents' && !documents) setDocuments(true)
  return (
    <Tabs value={tab} onValueChange={setTab}>
      <TabsList aria-label={t('tabs.label')}>
        <Tab value="form">
          <SlidersHorizontal aria-hidden />
          {t('tabs.form')}
        </Tab>
        <Tab value="versions">
          <History aria-hidden />
          {t('tabs.versions')}
        </Tab>
        <Tab value="stats">
          <ChartNoAxesColumn aria-hidden />
          {t('tabs.stats')}
        </Tab>
        <Tab value="documents">
          <FileText aria-hidden />
          {t('tabs.documents')}
        </Tab>
      </TabsList>
      {/* What was typed stays while another tab is looked at. */}
      <TabPanel value="form" forceMount className="data-[state=inactive]:hidden">
        {agent.unreadable && (
          <Banner tone="warn" className="mb-4 max-w-4xl">
            {t('unreadable')}
          </Banner>
        )}
        <EditAgentForm id={agent.id} state={state} />
      </TabPanel>
      <TabPanel value="versions">
        <VersionsTab agent={agent} dirty={state.dirty} />
      </TabPanel>
      <TabPanel value="stats">
        <StatsTab agent={agent} />
      </TabPanel>
      <TabPanel value="documents" forceMount className="data-[state=inactive]:hidden">
        {documents && <AgentDocuments agentId={agent.id} mayEdit />}
      </TabPanel>
    </Tabs>
  )
}

/** One agent: to its owner all of it, to others what it is for and how it does. */
export function AgentPage({ id, start }: { id: string; start: AgentTab }) {
  const t = useTranslations('agentForm')
  const { data: agent, refetch } = useQuery(useTRPC().agents.get.queryOptions({ id }))
  useReadAgain(['agents', 'ended'], () => refetch())
  if (!agent) return null
  return (
    <>
      <Head agent={agent} />
      {agent.mayEdit ? (
        <OwnAgent agent={agent} start={start} />
      ) : (
        <div className="grid gap-4">
          {agent.description && (
            <p className="max-w-prose text-muted [overflow-wrap:anywhere]">
              <bdi>{agent.description}</bdi>
            </p>
          )}
          <Banner tone="info" className="max-w-4xl">
            {t('notYours')}
          </Banner>
          <StatsTab agent={agent} />
          <AgentDocuments agentId={agent.id} mayEdit={false} />
        </div>
      )}
    </>
  )
}
