import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { MailDesk } from '@/components/notifications/mail-desk.tsx'
import { mailsInput, mailsKey, mailView, outboxFilter, outboxKey, pagesFrom } from '@/components/notifications/mail-query.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('mailbox'))('title') }
}

export default async function MailPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const [asked, api] = [await searchParams, await serverCaller(await headers())]
  const { mail: hasMailbox } = await load('/admin/mail', api.administration.sections())
  const view = mailView(asked, hasMailbox)
  const { to, mail, status } = view
  const inBox = view.tab === 'mailbox'
  const reading = Promise.all([
    inBox ? api.notifications.mails(mailsInput(to)) : null,
    inBox && mail ? api.notifications.mail({ id: mail }) : null,
    inBox ? null : api.notifications.outbox(outboxFilter(status)),
  ])
  const [mails, opened, outbox] = await load('/admin/mail', reading)
  return (
    <Hydrate
      words={['mailbox']}
      data={[
        ...(mails ? [[mailsKey(to), pagesFrom(mails)] as [readonly unknown[], unknown]] : []),
        ...(opened && mail ? [[queryKeys.notifications.mail.queryKey({ id: mail }), opened] as [readonly unknown[], unknown]] : []),
        ...(outbox ? [[outboxKey(status), pagesFrom(outbox)] as [readonly unknown[], unknown]] : []),
      ]}
    >
      <MailDesk start={view} hasMailbox={hasMailbox} />
    </Hydrate>
  )
}
