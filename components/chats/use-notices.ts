'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { toast } from 'sonner'
import { leaveBy } from '@/components/client/leave.ts'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { useWorkspaceChanges } from '@/components/client/use-workspace.ts'

/** So long it takes at most until a tab that shows an answer has marked it as read. */
const readElsewhereMs = 1_500

type Kind = 'done' | 'failed' | 'waiting'

/** Tells, by a toast and where the page is not seen by the browser's own notice, of an answer elsewhere that ended or needs the person. */
export function useNotices(): void {
  const t = useTranslations('notices')
  const router = useRouter()
  const path = usePathname()
  const client = useTRPCClient()
  const known = useRef<Set<string> | null>(null)
  // While one looks at a conversation it speaks for itself.
  const isSeen = (sessionId: string) => path === `/workspace/${sessionId}` && document.visibilityState === 'visible'

  const tell = (kind: Kind, sessionId: string, title: string | null) => {
    if (isSeen(sessionId)) return
    const open = () => leaveBy(() => router.push(`/workspace/${sessionId}`))
    const shown = { ...(title ? { description: title } : {}), action: { label: t('show'), onClick: open } }
    if (kind === 'done') toast.success(t(kind), shown)
    else toast.warning(t(kind), shown)
    if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return
    const notice = new Notification(t(kind), { ...(title ? { body: title } : {}), tag: `${kind} ${sessionId}` })
    notice.onclick = () => {
      window.focus()
      open()
      notice.close()
    }
  }
  const askApprovals = async () => {
    const waiting = await client.workspace.approvals.query()
    const before = known.current
    known.current = new Set(waiting.map(({ id }) => id))
    // What waited already when the page came is in the list.
    if (before) for (const { id, sessionId, title } of waiting) if (!before.has(id)) tell('waiting', sessionId, title)
  }
  const ended = async (sessionId: string, state: string | undefined) => {
    if (state === 'stopped' || isSeen(sessionId)) return
    // Another tab may show it: what was read there is no news here.
    if (document.visibilityState !== 'visible') await new Promise((resolve) => setTimeout(resolve, readElsewhereMs))
    const { title, unread } = await client.chats.get.query({ id: sessionId })
    if (unread) tell(state === 'failed' ? 'failed' : 'done', sessionId, title)
  }
  useWorkspaceChanges(({ kind, sessionId, state }) => {
    if (kind === 'approvals') void askApprovals().catch(() => undefined)
    else if (kind === 'ended' && sessionId) void ended(sessionId, state).catch(() => undefined)
  })
}
