import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { FeedbackList } from '@/components/feedback/feedback-list.tsx'
import { feedbackKey, feedbackStart, feedbackView, statusOf } from '@/components/feedback/feedback-query.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('feedback'))('list.title') }
}

export default async function FeedbackPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const view = feedbackView(await searchParams)
  const api = await serverCaller(await headers())
  const reading = Promise.all([api.feedback.list(statusOf(view)), api.feedback.counts()])
  const [list, counts] = await load('/admin/feedback', reading)
  return (
    <Hydrate
      data={[
        [feedbackKey(view), feedbackStart(list)],
        [queryKeys.feedback.counts.queryKey(), counts],
      ]}
    >
      <FeedbackList start={view} />
    </Hydrate>
  )
}
