'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, Pencil, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'
import { Input } from '@/components/ui/input.tsx'
import { type Chat, chatLimits } from '@/server/chats/schema.ts'
import { safeText } from './safe-text.ts'

function TitleForm({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const t = useTranslations('workspace')
  const trpc = useTRPC()
  const client = useQueryClient()
  const [title, setTitle] = useState(chat.title ?? '')
  const rename = useMutation(
    trpc.chats.rename.mutationOptions({
      onSuccess: (changed) => {
        client.setQueryData(trpc.chats.get.queryKey({ id: chat.id }), changed)
        onClose()
      },
    }),
  )
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!rename.isPending) rename.mutate({ id: chat.id, title })
  }
  return (
    <form
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
      className="flex min-w-0 flex-1 items-center gap-1"
    >
      <h1 className="sr-only">{chat.title === null ? t('untitled') : safeText(chat.title)}</h1>
      <Input
        autoFocus
        aria-label={t('titleLabel')}
        value={title}
        maxLength={chatLimits.title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <Button type="submit" variant="ghost" size="icon" aria-label={t('saveTitle')} disabled={rename.isPending}>
        <Check aria-hidden />
      </Button>
      <Button variant="ghost" size="icon" aria-label={t('cancel')} onClick={onClose}>
        <X aria-hidden />
      </Button>
    </form>
  )
}

/** What the conversation is called, as the page's heading; changed where it stands. `children` stand below it. */
export function ChatTitle({ chat, children }: { chat: Chat; children?: ReactNode }) {
  const t = useTranslations('workspace')
  const [state, setState] = useState<'shown' | 'editing' | 'edited'>('shown')
  if (state === 'editing') return <TitleForm chat={chat} onClose={() => setState('edited')} />
  const title = chat.unreadable ? t('unreadable') : chat.title === null ? t('untitled') : safeText(chat.title)
  return (
    <div className="group flex min-w-0 items-center gap-1">
      <div className="min-w-0">
        <h1 className="truncate font-semibold text-sm leading-tight" title={title}>
          <bdi>{title}</bdi>
        </h1>
        {children}
      </div>
      <Button
        // Whoever was changing it goes on where that began.
        autoFocus={state === 'edited'}
        variant="ghost"
        size="icon-sm"
        aria-label={t('rename')}
        title={t('rename')}
        onClick={() => setState('editing')}
      >
        <Pencil aria-hidden />
      </Button>
    </div>
  )
}
