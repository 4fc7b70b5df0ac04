'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { type Asked, ChatMenu } from '@/components/chats/chat-menu.tsx'
import type { MessagesPage } from '@/components/client/chat-store.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Announcer } from './announcer.tsx'
import { ApprovalsBar } from './approvals-bar.tsx'
import { Beside } from './beside.tsx'
import { ChatActionsProvider } from './chat-actions.tsx'
import { ChatHeader } from './chat-header.tsx'
import { Composer } from './composer.tsx'
import { QuotaNote } from './meters.tsx'
import { Thread } from './thread.tsx'
import { useAskedChanges } from './use-asked-changes.ts'
import { useConversation } from './use-conversation.ts'
import { usePageKeys } from './use-page-keys.ts'
import { useSides } from './use-sides.ts'

type Conversation = ReturnType<typeof useConversation>

/** What stands above the composer: what is wrong with the connection, the quota, or the conversation itself. */
function Notes({ view, closed }: { view: Conversation['view']; closed: boolean }) {
  const t = useTranslations('workspace')
  return (
    <div className="grid gap-2 empty:hidden [&:not(:empty)]:mb-2">
      {view.state === 'offline' && <Banner tone="warn">{t('offline')}</Banner>}
      {view.state === 'failed' && <Banner tone="bad">{t('failed')}</Banner>}
      {closed && <Banner tone="info">{t('closed')}</Banner>}
      {!closed && <QuotaNote />}
    </div>
  )
}

/** A conversation with agents: its thread in the middle, the others at its left, its files and its terminal at its right. */
export function WorkspacePage({ sessionId, initial }: { sessionId: string; initial: MessagesPage }) {
  const { chat, store, view, actions: known, send, runId, stop, context, last } = useConversation(sessionId, initial)
  const { history, panel } = useSides()
  const { actions, changes } = useAskedChanges(known, panel)
  const [asked, ask] = useState<Asked | null>(null)
  const menu = useMemo(() => chat && <ChatMenu chat={chat} asked={asked} onAsk={ask} />, [chat, asked])
  const fresh = usePageKeys({ sessionId, chat, history, panel, stop, ask })
  if (!chat) return null
  const closed = chat.status === 'closed'
  return (
    <div data-wide className="flex h-[calc(100dvh-3.25rem-1px)] min-h-0">
      <Beside.History sessionId={sessionId} side={history} />
      <section data-conversation className="flex min-w-0 flex-1 flex-col">
        <ChatHeader chat={chat} menu={menu} history={history} panel={panel} />
        <ChatActionsProvider value={actions}>
          <Thread view={view} onOlder={store.older} />
        </ChatActionsProvider>
        <div className="mx-auto w-full max-w-3xl px-3 pb-3 sm:px-5">
          <ApprovalsBar sessionId={sessionId} onDecide={actions.decide} />
          <Notes view={view} closed={closed} />
          <Composer
            sessionId={sessionId}
            closed={closed}
            running={runId !== null}
            onSend={send}
            onStop={stop}
            onNew={fresh}
            context={context}
          />
        </div>
        <Announcer last={last} />
      </section>
      <Beside.Panel sessionId={sessionId} side={panel} changes={changes} />
    </div>
  )
}
