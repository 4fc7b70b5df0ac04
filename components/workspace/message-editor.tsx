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
  const begun = actions?.edits.get(message.id)
  const [text, setText] = useState(() => begun ?? parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n'))
  // What comes back into sight takes no focus.
  const [fresh] = useState(begun === undefined)
  const [busy, setBusy] = useState(false)
  const attachmentIds = parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : []))
  const tooLong = text.length > chatLimits.text
  const unfit = tooLong || (text.trim() === '' && attachmentIds.length === 0)
  const close = () => {
    actions?.edits.delete(message.id)
    onClose()
  }
  const change = (next: string) => {
    setText(next)
    actions?.edits.set(message.id, next)
  }
  const send = async () => {
    if (!actions || unfit || busy) return
    setBusy(true)
    const sent = await actions.edit({ parentId: message.parentId, attachmentIds }, text)
    setBusy(false)
    if (sent) close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
  }
  return (
    <div className="w-full max-w-2xl">
      <Textarea
        autoFocus={fresh}
        aria-label={t('editLabel')}
        aria-invalid={tooLong || undefined}
        value={text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => change(target.value)}
      />
      <div className="mt-2 flex items-center justify-end gap-2">
        {tooLong && (
          <span role="alert" className="flex-1 text-bad text-xs">
            {t('tooLong', { limit: chatLimits.text })}
          </span>
        )}
        <Button size="sm" onClick={close}>
          {t('cancel')}
        </Button>
        <Button size="sm" variant="primary" disabled={unfit || busy} onClick={() => void send()}>
          {t('send')}
        </Button>
      </div>
    </div>
  )
}
