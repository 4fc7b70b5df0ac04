'use client'

import { CircleDot, Hand, Link2, LoaderCircle, Lock } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useState } from 'react'
import { cn } from '@/components/ui/cn.ts'
import { type Asked, ChatMenu } from './chat-menu.tsx'
import { useTitleOf } from './title-of.ts'
import type { Listed } from './use-history.ts'

/** What a conversation is doing, as a sign with its words. */
function Marks({ chat }: { chat: Listed }) {
  const t = useTranslations('chats')
  const marks = [
    chat.activity === 'waiting' && { key: 'waiting', Icon: Hand, words: t('waiting'), look: 'text-warn' },
    chat.activity === 'running' && { key: 'running', Icon: LoaderCircle, words: t('running'), look: 'text-run motion-safe:animate-spin' },
    chat.unread && { key: 'unread', Icon: CircleDot, words: t('unread'), look: 'text-accent' },
    chat.shared && { key: 'shared', Icon: Link2, words: t('sharedMark'), look: 'text-faint' },
    chat.status === 'closed' && { key: 'closed', Icon: Lock, words: t('closed'), look: 'text-faint' },
  ].filter((mark) => mark !== false)
  return (
    <span className="flex shrink-0 items-center gap-1">
      {marks.map(({ key, Icon, words, look }) => (
        <span key={key} data-mark={key} title={words} className={cn('inline-flex', look)}>
          <Icon aria-hidden className="size-3.5" />
          <span className="sr-only">{words}</span>
        </span>
      ))}
    </span>
  )
}

/** What a key asks for while a conversation of the list has the focus: the same keys as in the tree of files. */
const keys: Record<string, Asked> = { F2: 'rename', Delete: 'delete' }

/** One conversation of the list, with what can be done with it. */
export function HistoryRow({ chat, current }: { chat: Listed; current: boolean }) {
  const title = useTitleOf()(chat)
  const [asked, ask] = useState<Asked | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const what = keys[event.key]
    if (!what) return
    event.preventDefault()
    ask(what)
  }
  return (
    <li className={cn('group relative flex items-center rounded-md hover:bg-sunken', current && 'bg-sunken')}>
      <Link
        href={`/workspace/${chat.id}`}
        data-chat
        onKeyDown={onKeyDown}
        aria-keyshortcuts="F2 Delete"
        aria-current={current ? 'page' : undefined}
        className="min-w-0 flex-1 rounded-md py-1.5 pr-1 pl-2.5"
      >
        <span className="flex items-center gap-2">
          <bdi
            className={cn('min-w-0 flex-1 truncate text-sm', chat.unread && 'font-semibold', chat.title === null && 'text-muted italic')}
          >
            {title}
          </bdi>
          <Marks chat={chat} />
        </span>
        {chat.snippet ? (
          <bdi className="mt-0.5 line-clamp-2 block text-faint text-xs [overflow-wrap:anywhere]">{chat.snippet}</bdi>
        ) : (
          chat.agentName && <bdi className="block truncate text-faint text-xs">{chat.agentName}</bdi>
        )}
      </Link>
      <ChatMenu chat={chat} quiet={!current} asked={asked} onAsk={ask} />
    </li>
  )
}
