import { queryKeys } from '@/components/client/query-keys.ts'
import { type MailStatus, type MailSummary, mailStatuses, type OutboxItem } from '@/server/notifications/schema.ts'

/** What the page of mails shows; `mail` is the one that is read. */
export interface MailView {
  tab: 'mailbox' | 'outbox'
  to: string
  mail: string | null
  status: MailStatus | null
}

const one = (value: unknown) => (typeof value === 'string' ? value : '')
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What an address asks for; what it gets wrong is as if it were not there. Where a real server delivers there is only the outbox. */
export function mailView(params: Record<string, unknown>, hasMailbox: boolean): MailView {
  return {
    tab: hasMailbox && params.tab !== 'outbox' ? 'mailbox' : 'outbox',
    to: one(params.to).replaceAll('\0', '').trim().slice(0, 254),
    mail: uuid.test(one(params.mail)) ? one(params.mail) : null,
    status: mailStatuses.find((known) => known === params.status) ?? null,
  }
}

/** A page of one of the lists. */
export interface MailsPage {
  items: MailSummary[]
  next: string | null
}
export interface OutboxPage {
  items: OutboxItem[]
  next: string | null
}

export const mailsInput = (to: string) => (to ? { to } : {})
export const outboxFilter = (status: MailStatus | null) => (status ? { status } : {})
export const mailsKey = (to: string) => [...queryKeys.notifications.mails.queryKey(mailsInput(to)), 'pages']
export const outboxKey = (status: MailStatus | null) => [...queryKeys.notifications.outbox.queryKey(outboxFilter(status)), 'pages']

/** The first page in the form in which it is kept. */
export const pagesFrom = <P>(page: P) => ({ pages: [page], pageParams: [''] })
