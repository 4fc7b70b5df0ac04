'use client'

import { Bot, ScrollText } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useState } from 'react'
import type { LiveMessage } from '@/components/client/chat-fold.ts'
import { cn } from '@/components/ui/cn.ts'
import { useChatActions } from './chat-actions.tsx'
import { MessageEditor } from './message-editor.tsx'
import { MessageFooter } from './message-footer.tsx'
import { PartsView } from './parts-view.tsx'
import { safeText } from './safe-text.ts'
import { WaitNote } from './wait-note.tsx'

function Unreadable() {
  const t = useTranslations('thread')
  return <p className="rounded-md bg-warn-soft px-3 py-2 text-warn">{t('unreadable')}</p>
}

/** What a person said; it can be changed and sent again in another branch. */
function Said({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread')
  const actions = useChatActions()
  const [editing, setEditing] = useState(() => actions?.edits.has(message.id) ?? false)
  // Whoever was changing it goes on at the button with which that began.
  const [edited, setEdited] = useState(false)
  const close = () => {
    setEditing(false)
    setEdited(true)
  }
  return (
    <div className="flex flex-col items-end">
      <h2 className="sr-only">{t('you2')}</h2>
      {editing ? (
        <MessageEditor message={message} onClose={close} />
      ) : (
        <div className="max-w-[min(100%,42rem)] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5">
          {message.parts ? <PartsView parts={message.parts} open={false} /> : <Unreadable />}
        </div>
      )}
      {!editing && <MessageFooter message={message} edited={edited} onEdit={() => setEditing(true)} />}
    </div>
  )
}

/** Three dots that breathe while nothing has been said yet. */
function Dots() {
  return (
    <span aria-hidden className="flex gap-1 py-2">
      {[0, 1, 2].map((dot) => (
        <span key={dot} className="size-1.5 animate-pulse-soft rounded-full bg-faint" style={{ animationDelay: `${dot * 200}ms` }} />
      ))}
    </span>
  )
}

function Answer({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread')
  const name = safeText(message.agentName ?? t('agent'))
  const open = message.state === 'open'
  const quiet = open && !message.wait && (message.parts?.length ?? 0) === 0
  return (
    <div className="flex gap-3">
      <span
        aria-hidden
        className="mt-0.5 flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent max-sm:hidden"
      >
        <Bot className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="mb-1 font-medium text-faint text-xs">
          <span className="sr-only">{t('said', { name })}</span>
          <bdi aria-hidden>{name}</bdi>
        </h2>
        {message.parts ? <PartsView parts={message.parts} open={open} /> : <Unreadable />}
        {quiet && <Dots />}
        {message.wait && <WaitNote wait={message.wait} />}
        <MessageFooter message={message} />
      </div>
    </div>
  )
}

/** Stands for all that came before, which was summed up for the model. */
function Summary({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread')
  return (
    <details className="rounded-lg border border-dashed bg-surface px-4 py-2.5">
      <summary className="flex items-center gap-2 text-muted">
        <ScrollText aria-hidden className="size-4" />
        <h2>{t('summary')}</h2>
      </summary>
      <div className="pt-2 text-muted">{message.parts ? <PartsView parts={message.parts} open={false} /> : <Unreadable />}</div>
    </details>
  )
}

const shapes = { user: Said, assistant: Answer, summary: Summary } as const

/** One message; drawn anew only when it changed itself. */
export const MessageRow = memo(function MessageRow({ message }: { message: LiveMessage }) {
  const Shape = shapes[message.role]
  return (
    <article data-message={message.id} data-state={message.state} className={cn('mx-auto w-full max-w-3xl px-3 py-3 sm:px-5')}>
      <Shape message={message} />
    </article>
  )
})
