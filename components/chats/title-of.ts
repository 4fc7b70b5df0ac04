'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import type { Chat } from '@/server/chats/schema.ts'

/** What a conversation is called; words of ours where it has no title, or none that can be opened. */
export function useTitleOf(): (chat: Pick<Chat, 'title' | 'unreadable'>) => string {
  const t = useTranslations('chats')
  return useCallback(({ title, unreadable }) => title ?? t(unreadable ? 'unreadable' : 'untitled'), [t])
}
