'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent } from '@/components/ui/dialog.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { type Chat, chatLimits } from '@/server/chats/schema.ts'
import type { useChatChanges } from './use-chat-changes.ts'

interface Props {
  chat: Chat
  changes: ReturnType<typeof useChatChanges>
  onOpenChange: (open: boolean) => void
}

/** Gives a conversation another title. */
export function RenameDialog({ chat, changes, onOpenChange }: Props) {
  const t = useTranslations('chats.rename')
  const [title, setTitle] = useState(chat.title ?? '')
  const save = (event: React.FormEvent) => {
    event.preventDefault()
    changes.rename.mutate({ id: chat.id, title: title.trim() }, { onSuccess: () => onOpenChange(false) })
  }
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} close={t('cancel')}>
        <form onSubmit={save} className="grid gap-4">
          <Field label={t('label')} hint={t('hint')}>
            {(control) => (
              <Input
                {...control}
                autoFocus
                dir="auto"
                value={title}
                maxLength={chatLimits.title}
                onChange={({ target }) => setTitle(target.value)}
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
            <Button variant="primary" type="submit" disabled={changes.rename.isPending}>
              {t('save')}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
