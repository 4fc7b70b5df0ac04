'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Tab, TabsList } from '@/components/ui/tabs.tsx'
import type { ApplicationList } from '@/server/beta/schema.ts'
import { queueTabs } from './queue-query.ts'

/** The kinds of applications, each with how many there are. */
export function QueueTabs({ counts }: { counts: ApplicationList['counts'] | undefined }) {
  const t = useTranslations('applications')
  const format = useFormatter()
  const count = (tab: (typeof queueTabs)[number]) =>
    counts && (tab === 'ALL' ? counts.OPEN + counts.APPROVED + counts.REJECTED : counts[tab])
  return (
    <TabsList aria-label={t('tabs')}>
      {queueTabs.map((tab) => (
        <Tab key={tab} value={tab}>
          {t(`status.${tab}`)}
          <span className="tabular text-muted text-xs">{counts && format.number(count(tab) ?? 0)}</span>
        </Tab>
      ))}
    </TabsList>
  )
}
