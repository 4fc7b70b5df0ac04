'use client'

import { useQuery } from '@tanstack/react-query'
import { Hand, MessagesSquare } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { NavLink, NavWord } from '@/components/shell/nav-link.tsx'
import { useNotices } from './use-notices.ts'
import { useTitleMark } from './use-title-mark.ts'

const restMs = 1_000

/** The way to the workspace, with how many conversations have something new, and how many wait for a word; it also tells of what happens there while one is elsewhere. */
export function WorkspaceNav({ label }: { label: string }) {
  const t = useTranslations('notices')
  const { data, refetch } = useQuery(useTRPC().chats.unread.queryOptions())
  useReadAgain(['list', 'approvals', 'ended'], () => refetch(), restMs)
  const waiting = useNotices()
  const unread = data?.unread ?? 0
  useTitleMark(unread + waiting)
  return (
    <NavLink href="/workspace">
      <NavWord icon={<MessagesSquare aria-hidden />}>{label}</NavWord>
      {unread > 0 && (
        <span
          data-unread={unread}
          className="ml-1.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] text-on-accent tabular"
        >
          <span aria-hidden>{unread > 99 ? '99+' : unread}</span>
          <span className="sr-only">{t('unread', { count: unread })}</span>
        </span>
      )}
      {waiting > 0 && (
        <span
          data-waiting={waiting}
          className="ml-1.5 inline-flex h-4 items-center gap-0.5 rounded-full bg-warn-soft px-1.5 align-middle text-[0.6875rem] text-warn tabular"
        >
          <Hand aria-hidden className="size-3" />
          <span aria-hidden>{waiting > 99 ? '99+' : waiting}</span>
          <span className="sr-only">{t('waits', { count: waiting })}</span>
        </span>
      )}
    </NavLink>
  )
}
