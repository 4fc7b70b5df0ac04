import { queryKeys } from '@/components/client/query-keys.ts'
import type { FeedbackItem, FeedbackStatus } from '@/server/feedback/schema.ts'

export const feedbackViews = ['OPEN', 'DONE', 'ALL'] as const
export type FeedbackView = (typeof feedbackViews)[number]

export interface FeedbackPage {
  items: FeedbackItem[]
  next: string | null
}

/** What an address asks for; what it gets wrong is as if it were not there. */
export const feedbackView = (params: Record<string, unknown>): FeedbackView =>
  feedbackViews.find((known) => known.toLowerCase() === params.status) ?? 'OPEN'

export const statusOf = (view: FeedbackView): { status?: FeedbackStatus } => (view === 'ALL' ? {} : { status: view })

/** Under which the list's pages are kept. */
export const feedbackKey = (view: FeedbackView) => [...queryKeys.feedback.list.queryKey(statusOf(view)), 'pages']

/** The first page in the form in which it is kept. */
export const feedbackStart = (page: FeedbackPage) => ({ pages: [page], pageParams: [''] })
