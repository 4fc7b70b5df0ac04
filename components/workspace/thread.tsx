'use client'

import { MessageSquareText } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ChatView } from '@/components/client/chat-store.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { LiveThread } from './live-thread.tsx'
import { MessageRow } from './message-row.tsx'

/** So many messages fill any screen. */
const firstDrawn = 6

interface Props {
  view: ChatView
  onOlder: () => void
}

/** All that was said. The first drawing has its end, which stands at the bottom without any script. */
export function Thread({ view, onOlder }: Props) {
  const t = useTranslations('thread')
  const alive = useAlive()
  if (view.messages.length === 0)
    return (
      <div className="flex min-h-0 flex-1 items-center justify-center">
        <EmptyState icon={<MessageSquareText aria-hidden />} title={t('empty')}>
          {t('emptyText')}
        </EmptyState>
      </div>
    )
  if (alive) return <LiveThread view={view} onOlder={onOlder} />
  return (
    <div className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto">
      <div>
        {view.messages.slice(-firstDrawn).map((message) => (
          <MessageRow key={message.id} message={message} />
        ))}
      </div>
    </div>
  )
}
