'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAddress } from '@/components/client/use-address.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Card } from '@/components/ui/card.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { TabPanel, Tabs } from '@/components/ui/tabs.tsx'
import type { Decision } from '@/server/beta/schema.ts'
import { DecideDialog, type Question } from './decide-dialog.tsx'
import type { QueueTab, QueueView } from './queue-query.ts'
import { QueueEmpty, QueueFailed, QueueLoading, QueueMore } from './queue-states.tsx'
import { QueueTable } from './queue-table.tsx'
import { QueueTabs } from './queue-tabs.tsx'
import { QueueToolbar } from './queue-toolbar.tsx'
import { useDecide } from './use-decide.ts'
import { useLinked, useQueue } from './use-queue.ts'
import { useSelection } from './use-selection.ts'

/** What a view shows, with the application that a mail's link leads to, and what is done with it. */
function useDesk(view: QueueView, linkedId: string | null) {
  const [question, setQuestion] = useState<Question | null>(null)
  const queue = useQueue(view)
  const linked = useLinked(linkedId)
  const listed = queue.data?.pages.flatMap((page) => page.items) ?? []
  // Who comes from a mail finds the application that it speaks of, also where it stands on a later page.
  const first = linked && !view.search.trim() && linked.status === view.tab && !listed.some(({ id }) => id === linked.id) ? [linked] : []
  const items = [...first, ...listed]
  const { decide, underWay } = useDecide()
  const selection = useSelection(items.filter(({ id, status }) => status === 'OPEN' && !underWay.has(id)).map(({ id }) => id))
  const ask = (decision: Decision, ids: string[]) => setQuestion({ decision, ids, name: items.find(({ id }) => id === ids[0])?.name ?? '' })
  const answer = (message: string) => {
    if (question) void decide(question.ids, question.decision, message)
    setQuestion(null)
    selection.clear()
  }
  const dialog = <DecideDialog question={question} onClose={() => setQuestion(null)} onDecide={answer} />
  return { queue, items, gone: linked === null, selection, underWay, ask, dialog }
}

/** Everybody who wants to come in, and the decision about each: single or many, with a message. */
export function ApplicationQueue({ start, linkedId, address }: { start: QueueView; linkedId: string | null; address: string }) {
  const t = useTranslations('applications')
  const [view, setView] = useState(start)
  const shown = { ...view, search: useSettled(view.search, 200) }
  const { queue, items, gone, selection, underWay, ask, dialog } = useDesk(shown, linkedId)
  const status = view.tab === 'OPEN' ? undefined : view.tab.toLowerCase()
  useAddress({ status, search: shown.search.trim(), id: linkedId ?? undefined })
  return (
    <>
      <PageHeader className="mb-4" title={t('title')} meta={t('intro')} />
      {gone && (
        <Banner tone="warn" className="mb-4">
          {t('gone')}
        </Banner>
      )}
      <Tabs value={view.tab} onValueChange={(tab) => setView({ ...view, tab: tab as QueueTab })}>
        <QueueTabs counts={queue.data?.pages[0]?.counts} />
        <TabPanel value={view.tab}>
          <Card className="overflow-hidden" aria-busy={queue.isFetching} onKeyDown={selection.onKeyDown}>
            <QueueToolbar
              deciding={view.tab === 'OPEN' || view.tab === 'ALL'}
              search={view.search}
              onSearch={(words) => setView({ ...view, search: words })}
              selection={selection}
              onAsk={(decision) => ask(decision, selection.selected)}
            />
            {queue.isPending && <QueueLoading />}
            {queue.isError && items.length === 0 && <QueueFailed onRetry={() => void queue.refetch()} />}
            {queue.isSuccess && items.length === 0 && <QueueEmpty view={shown} address={address} />}
            {items.length > 0 && (
              <QueueTable
                items={items}
                selection={selection}
                underWay={underWay}
                opened={linkedId}
                onAsk={(decision, id) => ask(decision, [id])}
              />
            )}
            <QueueMore queue={queue} />
          </Card>
        </TabPanel>
      </Tabs>
      {dialog}
    </>
  )
}
