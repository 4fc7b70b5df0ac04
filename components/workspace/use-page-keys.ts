'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef } from 'react'
import { toast } from 'sonner'
import type { Asked } from '@/components/chats/chat-menu.tsx'
import { useChatChanges } from '@/components/chats/use-chat-changes.ts'
import type { Chat } from '@/server/chats/schema.ts'
import { altKey, jumpToEndEvent } from './shortcuts.ts'
import type { Side } from './use-sides.ts'

const framesToWait = 60

/** Puts the focus on something that is there and in reach, or will be in a moment: what it stands in may just be opening, or a window before it closing. */
function focusSoon(selector: string, frames = framesToWait): void {
  const found = document.querySelector<HTMLElement>(selector)
  found?.focus()
  if (frames > 0 && (!found || document.activeElement !== found)) requestAnimationFrame(() => focusSoon(selector, frames - 1))
}

const focusField = () => focusSoon('[data-composer]')
const jumpToEnd = () => void window.dispatchEvent(new Event(jumpToEndEvent))

/** Pins and archives the conversation that is shown; as nothing else of the page shows it, a toast does. */
function useMarks(sessionId: string, chat: Chat | undefined) {
  const t = useTranslations('workspace.told')
  const { pin, archive } = useChatChanges(sessionId)
  const told = (words: string) => ({ onSuccess: () => void toast.success(words) })
  return {
    pin() {
      if (!chat || pin.isPending) return
      const pinned = !chat.pinned
      pin.mutate({ id: chat.id, pinned }, told(t(pinned ? 'pinned' : 'unpinned')))
    },
    archive() {
      if (!chat || archive.isPending) return
      const archived = !chat.archived
      archive.mutate({ id: chat.id, archived }, told(t(archived ? 'archived' : 'unarchived')))
    },
  }
}

interface Page {
  sessionId: string
  chat: Chat | undefined
  history: Side
  panel: Side
  stop: () => void
  ask: (what: Asked) => void
}

/** The keys of a conversation's page; while a window or a terminal is open, they are theirs. Gives the way to a new conversation, which is one of them. */
export function usePageKeys({ sessionId, chat, history, panel, stop, ask }: Page): () => void {
  const router = useRouter()
  const agentId = chat?.agentId
  const fresh = useCallback(() => router.push(`/workspace/new${agentId ? `?agent=${agentId}` : ''}`), [router, agentId])
  const marks = useMarks(sessionId, chat)
  const search = () => {
    history.set(true)
    focusSoon('[data-history-search] input')
  }
  const calls = new Map([
    ['KeyM', focusField],
    ['KeyE', jumpToEnd],
    ['KeyH', history.toggle],
    ['KeyP', panel.toggle],
    ['KeyN', fresh],
    ['KeyK', search],
    ['KeyR', () => ask('rename')],
    ['KeyI', marks.pin],
    ['KeyA', marks.archive],
  ])
  const latest = useRef({ calls, stop })
  latest.current = { calls, stop }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role=dialog],[role=alertdialog],[role=menu]')) return
      const inside = event.target instanceof Element && event.target.closest('[data-composer],[data-thread]')
      if (event.key === 'Escape' && !event.isComposing && (inside || event.target === document.body)) return latest.current.stop()
      const call = latest.current.calls.get(altKey(event) ?? '')
      if (!call) return
      event.preventDefault()
      call()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return fresh
}
