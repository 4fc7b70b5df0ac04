'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { ChangeKind, MessagesPage } from '@/components/client/chat-store.ts'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useChat } from '@/components/client/use-chat.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import type { ChatActions } from './chat-actions.tsx'
import type { Outgoing } from './composer.tsx'

/** Reads again what is none of a message's: the session, what waits, what is left of the quota. */
function useHeard(sessionId: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  return (kind: ChangeKind, title?: string) => {
    if (kind !== 'session' && kind !== 'messages') return
    const queryKey = trpc.chats.get.queryKey({ id: sessionId })
    if (title !== undefined) client.setQueryData(queryKey, (chat) => chat && { ...chat, title })
    void client.invalidateQueries({ queryKey })
  }
}

/** Leads whoever decided by the keyboard, and whose button is gone with that, to what else waits, or back to the thread. Never to a button that decides. */
function keepPlace(): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return
    const next = document.querySelector<HTMLElement>('[data-approval] button') ?? document.querySelector<HTMLElement>('[data-thread]')
    next?.focus()
  })
}

/** What can be done, as one object that stays the same. Whatever fails is told in a toast. */
function useActions(sessionId: string, refresh: () => Promise<void>) {
  const client = useTRPCClient()
  const queries = useQueryClient()
  const trpc = useTRPC()
  const fail = useFailureToast()
  const latest = useRef({ refresh, fail })
  latest.current = { refresh, fail }
  return useMemo(() => {
    const tried = async (doing: Promise<unknown>): Promise<boolean> => {
      try {
        await doing
      } catch (error) {
        latest.current.fail(error)
        // What was not taken is given back at once: reading again may take as long as the connection is away.
        void latest.current.refresh()
        return false
      }
      await latest.current.refresh()
      return true
    }
    // Sent again as it was, it is the same request: the answer to the first may have been lost on its way.
    let unanswered: { what: string; requestId: string } | null = null
    const send = async (input: Outgoing & { parentId?: string | null }) => {
      const what = JSON.stringify(input)
      const { requestId } = unanswered?.what === what ? unanswered : { requestId: crypto.randomUUID() }
      unanswered = { what, requestId }
      const sent = await tried(client.workspace.send.mutate({ sessionId, requestId, ...input }))
      if (sent) unanswered = null
      return sent
    }
    const approvals = trpc.workspace.approvals.queryKey()
    const actions: Omit<ChatActions, 'changes'> = {
      sessionId,
      edits: new Map(),
      regenerate: (messageId) => void tried(client.workspace.regenerate.mutate({ sessionId, requestId: crypto.randomUUID(), messageId })),
      edit: ({ parentId, attachmentIds }, text) => send({ text, attachmentIds, parentId }),
      select: (messageId) => tried(client.chats.select.mutate({ id: sessionId, messageId })),
      decide(approvalId, decision) {
        // What is decided leaves at once; where it could not be decided it comes back.
        queries.setQueryData(approvals, (known) => known?.filter(({ id }) => id !== approvalId))
        keepPlace()
        void tried(client.workspace.decide.mutate({ approvalId, decision })).then(() => {
          keepPlace()
          return queries.invalidateQueries({ queryKey: approvals })
        })
      },
    }
    const stop = (runId: string) => void tried(client.workspace.stop.mutate({ sessionId, runId }))
    return { actions, send, stop }
  }, [client, queries, trpc, sessionId])
}

/** Everything of one conversation: what is shown, and what can be done. */
export function useConversation(sessionId: string, initial: MessagesPage) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { data: chat } = useQuery(trpc.chats.get.queryOptions({ id: sessionId }))
  const { store, view } = useChat(sessionId, initial, useHeard(sessionId))
  const { actions, send, stop } = useActions(sessionId, store.refresh)
  const last = view.messages.at(-1)
  // What has been heard to be over is stored a moment later; until then nothing new is begun.
  const runId = last?.stored === 'open' ? last.runId : null
  const { mutate: markRead } = useMutation(trpc.chats.markRead.mutationOptions({ meta: { silent: true } }))
  const unread = chat?.unread ?? false
  useEffect(() => {
    const seen = () => unread && document.visibilityState === 'visible' && markRead({ id: sessionId })
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [unread, markRead, sessionId])
  const ranBefore = useRef(runId)
  useEffect(() => {
    // What the page came with is still right; after a run less is left.
    if (ranBefore.current !== null && runId === null) void queries.invalidateQueries({ queryKey: trpc.chats.quota.queryKey() })
    ranBefore.current = runId
  }, [runId, queries, trpc])
  const answer = view.messages.findLast(({ role, contextTokens }) => role === 'assistant' && contextTokens > 0)
  const [used, model] = [answer?.contextTokens ?? 0, answer?.model ?? null]
  // While an answer grows only the thread is drawn: everything else is given the same again.
  const context = useMemo(() => ({ used, model }), [used, model])
  const stopNow = useCallback(() => {
    if (runId) stop(runId)
  }, [runId, stop])
  return { chat, store, view, actions, send, runId, stop: stopNow, context, last }
}
