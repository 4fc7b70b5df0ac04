import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { once } from '@/components/client/decide.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { WorkspacePage } from '@/components/workspace/workspace-page.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ session: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { session: id } = await params
  const api = await serverCaller(await headers())
  const [chat, t] = await Promise.all([once(`chat ${id}`, () => api.chats.get({ id })).catch(() => null), getTranslations('workspace')])
  return { title: chat?.title ?? t('untitled') }
}

export default async function ConversationPage({ params }: Props) {
  const { session: id } = await params
  const api = await serverCaller(await headers())
  const path = `/workspace/${id}`
  const [chat, messages, approvals, quota] = await Promise.all([
    load(
      path,
      once(`chat ${id}`, () => api.chats.get({ id })),
    ),
    // What fills the first screens; the browser reads on from there.
    load(path, api.chats.messages({ id, limit: 20 })),
    api.workspace.approvals(),
    api.chats.quota(),
  ])
  return (
    <Hydrate
      words={['workspace', 'thread', 'composer', 'architecture', 'artifacts', 'chats', 'files', 'terminal', 'preview']}
      data={[
        [queryKeys.chats.get.queryKey({ id }), chat],
        [queryKeys.workspace.approvals.queryKey(), approvals],
        [queryKeys.chats.quota.queryKey(), quota],
      ]}
    >
      <WorkspacePage key={id} sessionId={id} initial={messages} />
    </Hydrate>
  )
}
