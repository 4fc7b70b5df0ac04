'use client'

import { useTranslations } from 'next-intl'
import { memo, type ReactNode, useState } from 'react'
import { cn } from '@/components/ui/cn.ts'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'

export interface PanelTab {
  name: 'files' | 'changes' | 'terminal' | 'preview'
  draw: (sessionId: string, changes: ShownChanges) => ReactNode
}

/** Whose changes the panel shows: one answer's, or all. */
export interface ShownChanges {
  messageId: string | null
  all: () => void
}

interface Props {
  sessionId: string
  changes: ShownChanges
  tabs: readonly PanelTab[]
  tab: string
  onTab: (name: string) => void
}

/** The session's files, what changed in them, its terminal, and the app that runs there. A tab is loaded when it is first opened. */
export const SidePanel = memo(function SidePanel({ sessionId, changes, tabs, tab, onTab }: Props) {
  const t = useTranslations('workspace')
  const shown = tabs.some(({ name }) => name === tab) ? tab : (tabs[0]?.name ?? '')
  // What was opened once stays: a terminal goes on while one looks at a file.
  const [opened, setOpened] = useState<readonly string[]>([])
  if (!opened.includes(shown)) setOpened([...opened, shown])
  return (
    <Tabs value={shown} onValueChange={onTab} className="flex min-h-0 flex-1 flex-col">
      <TabsList aria-label={t('panel')} className="h-12 shrink-0 items-end px-2">
        {tabs.map(({ name }) => (
          <Tab key={name} value={name}>
            {t(`tabs.${name}`)}
          </Tab>
        ))}
      </TabsList>
      {tabs.map(({ name, draw }) => (
        <TabPanel
          key={name}
          value={name}
          forceMount
          className={cn('flex min-h-0 flex-1 flex-col overflow-auto pt-0', name !== shown && 'hidden')}
        >
          {opened.includes(name) && draw(sessionId, changes)}
        </TabPanel>
      ))}
    </Tabs>
  )
})
