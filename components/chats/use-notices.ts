'use client'

import { useQuery } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { toast } from 'sonner'
import { leaveBy } from '@/components/client/leave.ts'
import { makeSightings, type Sightings } from '@/components/client/sightings.ts'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useReadAgain, useWorkspaceChanges } from '@/components/client/use-workspace.ts'

type Kind = 'done' | 'failed' | 'waiting'

/** Whether this person sees a conversation right now, on this page or another one of this browser: then it speaks for itself. */
function useIsSeen(path: string): (sessionId: string) => Promise<boolean> {
  const here = useRef(path)
  here.current = path
  const sightings = useRef<Sightings | null>(null)
  useEffect(() => {
    const own = makeSightings((sessionId) => here.current === `/workspace/${sessionId}` && document.visibilityState === 'visible')
    sightings.current = own
    return () => own.close()
  }, [])
  return async (sessionId) => (await sightings.current?.isSeen(sessionId)) ?? false
}

/** Long enough to be read by somebody who looks up from elsewhere. */
const needsYouMs = 20_000
const restMs = 100

/**
 * Tells, by a toast and where the page is not seen by the browser's own notice, of an answer elsewhere that ended or needs the person.
 * Gives how many other conversations wait for a word.
 */
export function useNotices(): number {
  const t = useTranslations('notices')
  const router = useRouter()
  const path = usePathname()
  const client = useTRPCClient()
  const { data: waiting, refetch } = useQuery(useTRPC().workspace.approvals.queryOptions())
  const known = useRef<Set<string> | null>(null)
  const isSeen = useIsSeen(path)

  const tell = async (kind: Kind, sessionId: string, title: string | null) => {
    if (await isSeen(sessionId)) return
    const open = () => leaveBy(() => router.push(`/workspace/${sessionId}`))
    const shown = { ...(title ? { description: title } : {}), action: { label: t('show'), onClick: open } }
    if (kind === 'done') toast.success(t(kind), shown)
    else toast.warning(t(kind), kind === 'waiting' ? { ...shown, duration: needsYouMs } : shown)
    if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return
    const notice = new Notification(t(kind), { ...(title ? { body: title } : {}), tag: `${kind} ${sessionId}` })
    notice.onclick = () => {
      window.focus()
      open()
      notice.close()
    }
  }
  const tellWaiting = useRef(tell)
  tellWaiting.current = tell
  useEffect(() => {
    if (!waiting) return
    const before = known.current
    known.current = new Set([...(before ?? []), ...waiting.map(({ id }) => id)])
    // What waited already when the page came is counted beside the way to it.
    if (before) for (const { id, sessionId, title } of waiting) if (!before.has(id)) void tellWaiting.current('waiting', sessionId, title)
  }, [waiting])
  const ended = async (sessionId: string, state: string | undefined) => {
    if (state === 'stopped' || (await isSeen(sessionId))) return
    // What was read meanwhile, on whichever device, is no news.
    const { title, unread } = await client.chats.get.query({ id: sessionId })
    if (unread) await tell(state === 'failed' ? 'failed' : 'done', sessionId, title)
  }
  useReadAgain(['approvals'], () => refetch(), restMs)
  useWorkspaceChanges(({ kind, sessionId, state }) => {
    if (kind === 'ended' && sessionId) void ended(sessionId, state).catch(() => undefined)
  })
  return new Set(waiting?.map(({ sessionId }) => sessionId).filter((sessionId) => path !== `/workspace/${sessionId}`)).size
}
