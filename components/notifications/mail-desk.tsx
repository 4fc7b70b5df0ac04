'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAddress } from '@/components/client/use-address.ts'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import { mailboxKeeps } from '@/server/notifications/schema.ts'
import type { MailView } from './mail-query.ts'
import { Mailbox } from './mailbox.tsx'
import { Outbox } from './outbox.tsx'

/** The mails: what the embedded server keeps, where it stands in, and what became of those that were to be sent. */
export function MailDesk({ start, hasMailbox }: { start: MailView; hasMailbox: boolean }) {
  const t = useTranslations('mailbox')
  const [view, setView] = useState(start)
  const change = (part: Partial<MailView>) => setView((before) => ({ ...before, ...part }))
  const inBox = view.tab === 'mailbox'
  useAddress({
    tab: inBox || !hasMailbox ? undefined : 'outbox',
    to: inBox ? view.to.trim() : undefined,
    mail: (inBox && view.mail) || undefined,
    status: (!inBox && view.status) || undefined,
  })
  if (!hasMailbox) {
    return (
      <>
        <PageHeader className="mb-4" title={t('title')} meta={<p>{t('real')}</p>} />
        <Outbox status={view.status} onStatus={(status) => change({ status })} />
      </>
    )
  }
  return (
    <>
      <PageHeader className="mb-2" title={t('title')} meta={<p>{t('intro', { count: mailboxKeeps })}</p>} />
      <Tabs value={view.tab} onValueChange={(tab) => change({ tab: tab as MailView['tab'] })}>
        <TabsList aria-label={t('title')}>
          <Tab value="mailbox">{t('tabs.mailbox')}</Tab>
          <Tab value="outbox">{t('tabs.outbox')}</Tab>
        </TabsList>
        <TabPanel value="mailbox">
          <Mailbox to={view.to} mail={view.mail} onTo={(to) => change({ to })} onMail={(mail) => change({ mail })} />
        </TabPanel>
        <TabPanel value="outbox">
          <Outbox status={view.status} onStatus={(status) => change({ status })} />
        </TabPanel>
      </Tabs>
    </>
  )
}
