import { queryKeys } from '@/components/client/query-keys.ts'
import { type ApplicationList, type ApplicationStatus, applicationStatuses } from '@/server/beta/schema.ts'

/** What the queue shows: applications of one kind, or all. */
export const queueTabs = [...applicationStatuses, 'ALL'] as const
export type QueueTab = (typeof queueTabs)[number]
export interface QueueView {
  tab: QueueTab
  search: string
}

const one = (value: unknown) => (typeof value === 'string' ? value : '')

/** What an address asks for; what it gets wrong is as if it were not there. */
export const queueView = (params: Record<string, unknown>): QueueView => ({
  tab: queueTabs.find((tab) => tab === one(params.status).toUpperCase()) ?? 'OPEN',
  search: one(params.search)
    .replace(/\p{Cc}/gu, '')
    .slice(0, 100),
})

/** What the server is asked for. */
export function queueInput({ tab, search }: QueueView): { status?: ApplicationStatus; search?: string } {
  return { ...(tab === 'ALL' ? {} : { status: tab }), ...(search.trim() ? { search: search.trim() } : {}) }
}

/** Under which the queue's pages are kept. */
export const queueKey = (view: QueueView) => [...queryKeys.beta.list.queryKey(queueInput(view)), 'pages']

/** The first page in the form in which it is kept. */
export const queueStart = (page: ApplicationList) => ({ pages: [page], pageParams: [''] })
