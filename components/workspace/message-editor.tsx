'use client'

import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useState } from 'react'
import type { LiveMessage } from '@/components/client/chat-fold.ts'
import { Button } from '@/components/ui/button.tsx'
import { Textarea } from '@/components/ui/input.tsx'
import { chatLimits } from '@/server/chats/schema.ts'
import { useChatActions } from './chat-actions.tsx'

/** Changes a message that was sent; what is sent again begins a branch beside it. Its files stay with it. */
export function MessageEditor({ message, onClose }: { message: LiveMessage; onClose: () => void }) {
  const t = useTranslations('thread.actions')
  const actions = useChatActions()
  const parts = message.parts ?? []
  const [text, setText] = useState(() => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n'))
  const [busy, setBusy] = useState(false)
  const attachmentIds = parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : []))
  const empty = text.trim() === '' && attachmentIds.length === 0
  const send = async () => {
    if (!actions || empty || busy) return
    setBusy(true)
    const sent = await actions.edit({ parentId: message.parentId, attachmentIds }, text)
    setBusy(false)
    if (sent) onClose()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }
  return (
    <div className="w-full max-w-2xl">
      <Textarea
        autoFocus
        aria-label={t('editLabel')}
        value={text}
        maxLength={chatLimits.text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button size="sm" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button size="sm" variant="primary" disabled={empty || busy} onClick={() => void send()}>
          {t('send')}
        </Button>
      </div>
    </div>
  )
}
