'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Archive, Bot, ChevronLeft, ChevronRight, Plus, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAddress } from '@/components/client/use-address.ts'
import { useFocusKept } from '@/components/client/use-focus-kept.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'
import { AgentTile } from './agent-tile.tsx'
import { type AgentsView, addressOf, agentsAPage, agentsInput, isFiltered } from './agents-query.ts'
import { AgentsTable } from './agents-table.tsx'
import { AgentsToolbar } from './agents-toolbar.tsx'
import { TemplateGrid } from './template-grid.tsx'

const againMs = 30_000

function useAgents(view: AgentsView) {
  const list = useQuery({
    ...useTRPC().agents.list.queryOptions(agentsInput(view)),
    placeholderData: keepPreviousData,
    // What others share tells nobody that it changed.
    refetchInterval: againMs,
  })
  useReadAgain(['agents', 'ended'], () => list.refetch())
  return list
}

/** Every agent one may use: searched as one types, filtered, sorted, a page at a time, as cards or as a table. */
export function AgentsDesk({ start }: { start: AgentsView }) {
  const t = useTranslations('agents')
  const [view, setView] = useState(start)
  const search = useSettled(view.search, 200)
  const settled = { ...view, search }
  const list = useAgents(settled)
  useAddress(addressOf(settled))
  const shown = useRef<HTMLDivElement>(null)
  useFocusKept(shown, { rows: 'li, tbody tr', instead: 'main a[href="/agents/new"]' })
  const { items = [], total = 0, tags = [] } = list.data ?? {}
  // Whatever narrows or turns the list begins at its first page.
  const change = (part: Partial<AgentsView>) => setView({ ...view, page: 1, ...part, ...('view' in part && { page: view.page }) })
  const bare = list.isSuccess && total === 0 && !isFiltered(settled) && !view.archived
  return (
    <>
      <PageHeader
        className="mb-4"
        title={t('title')}
        meta={total > 0 && <span aria-live="polite">{t('count', { count: total })}</span>}
        actions={
          <Button asChild variant="primary">
            <Link href="/agents/new">
              <Plus aria-hidden />
              {t('create')}
            </Link>
          </Button>
        }
      />
      {bare ? <NoAgents onArchive={() => change({ archived: true })} /> : <AgentsToolbar view={view} tags={tags} onChange={change} />}
      {list.isError && !list.data && (
        <Banner tone="bad" action={<Button onClick={() => list.refetch()}>{t('again')}</Button>}>
          {t('failed')}
        </Banner>
      )}
      {list.isPending && <Loading />}
      <div ref={shown} aria-busy={list.isFetching}>
        {items.length > 0 && <Agents agents={items} view={view} />}
      </div>
      {list.isSuccess && items.length === 0 && !bare && (
        <Nothing view={settled} onClear={() => change({ search: '', status: '', tag: '', whose: 'all' })} />
      )}
      <Pager page={view.page} pages={Math.max(1, Math.ceil(total / agentsAPage))} onPage={(page) => change({ page })} />
    </>
  )
}

function Agents({ agents, view }: { agents: AgentCard[]; view: AgentsView }) {
  if (view.view === 'table') return <AgentsTable agents={agents} />
  return (
    <ul className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
      {agents.map((agent) => (
        <AgentTile key={agent.id} agent={agent} />
      ))}
    </ul>
  )
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const t = useTranslations('agents.pager')
  if (pages <= 1 && page === 1) return null
  return (
    <nav aria-label={t('label')} className="mt-4 flex items-center justify-center gap-3">
      <Button size="icon" aria-label={t('previous')} disabled={page <= 1} onClick={() => onPage(page - 1)}>
        <ChevronLeft aria-hidden />
      </Button>
      <span className="tabular text-muted text-sm">{t('page', { page, pages })}</span>
      <Button size="icon" aria-label={t('next')} disabled={page >= pages} onClick={() => onPage(page + 1)}>
        <ChevronRight aria-hidden />
      </Button>
    </nav>
  )
}

/** The first look: what an agent is, and the roles to begin with. */
function NoAgents({ onArchive }: { onArchive: () => void }) {
  const t = useTranslations('agents')
  return (
    <div className="grid gap-5">
      <EmptyState
        className="pb-4"
        icon={<Bot aria-hidden />}
        title={t('empty')}
        action={
          <Button variant="ghost" size="sm" onClick={onArchive}>
            <Archive aria-hidden />
            {t('archivedToggle')}
          </Button>
        }
      >
        {t('emptyText')}
      </EmptyState>
      <TemplateGrid />
    </div>
  )
}

function Nothing({ view, onClear }: { view: AgentsView; onClear: () => void }) {
  const t = useTranslations('agents')
  if (view.archived && !isFiltered(view))
    return (
      <Card>
        <EmptyState icon={<Archive aria-hidden />} title={t('archiveEmpty')}>
          {t('archiveEmptyText')}
        </EmptyState>
      </Card>
    )
  return (
    <Card>
      <EmptyState icon={<SearchX aria-hidden />} title={t('none')} action={<Button onClick={onClear}>{t('clear')}</Button>}>
        {t('noneText')}
      </EmptyState>
    </Card>
  )
}

function Loading() {
  const t = useTranslations('agents')
  return (
    <div role="status" className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-52" />
      ))}
    </div>
  )
}
