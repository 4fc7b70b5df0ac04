'use client'

import { useTranslations } from 'next-intl'
import { memo, useEffect } from 'react'
import { ChatHistory } from '@/components/chats/history.tsx'
import { Drawer } from './drawer.tsx'
import { panelTabs } from './panel-tabs.tsx'
import { Resizer } from './resizer.tsx'
import { SidePanel } from './side-panel.tsx'
import type { AskedChanges } from './use-asked-changes.ts'
import { useKept } from './use-layout.ts'
import type { Side } from './use-sides.ts'

interface Props {
  sessionId: string
  side: Side
}
const [least, most, usual] = [320, 1100, 520]

/** The other conversations. */
const History = memo(function History({ sessionId, side }: Props) {
  const t = useTranslations('workspace')
  if (!side.open) return null
  if (!side.wide)
    return (
      <Drawer side="left" open onOpenChange={side.set} title={t('history')} close={t('closeHistory')}>
        <ChatHistory current={sessionId} />
      </Drawer>
    )
  return (
    <nav aria-label={t('history')} className="flex w-72 shrink-0 flex-col border-r bg-surface max-lg:hidden">
      <ChatHistory current={sessionId} />
    </nav>
  )
})

/** The conversation's files, its terminal, its preview. */
const Panel = memo(function Panel({ sessionId, side, changes }: Props & { changes: AskedChanges }) {
  const t = useTranslations('workspace')
  const [kept, keep] = useKept('workspace.width', String(usual))
  const [tab, setTab] = useKept<string>('workspace.tab', 'files')
  const { asked } = changes
  useEffect(() => {
    if (asked > 0) setTab('changes')
  }, [asked, setTab])
  if (!side.open || panelTabs.length === 0) return null
  const body = <SidePanel sessionId={sessionId} changes={changes} tabs={panelTabs} tab={tab} onTab={setTab} />
  if (!side.wide)
    return (
      <Drawer side="right" open onOpenChange={side.set} title={t('panel')} close={t('closePanel')}>
        {body}
      </Drawer>
    )
  const width = Math.min(most, Math.max(least, Number(kept) || usual))
  return (
    <>
      <Resizer label={t('resize')} width={width} min={least} max={most} onWidth={(next) => keep(String(next))} />
      <aside aria-label={t('panel')} className="flex max-w-[60vw] shrink-0 flex-col bg-surface max-lg:hidden" style={{ width }}>
        {body}
      </aside>
    </>
  )
})

/** What stands beside a thread. */
export const Beside = { History, Panel }
