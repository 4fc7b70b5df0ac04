'use client'

import { useMemo, useRef, useSyncExternalStore } from 'react'
import { type ChangeKind, type ChatStore, type ChatView, type MessagesPage, makeChatStore } from './chat-store.ts'
import { failureOf } from './failure.ts'
import { useTRPCClient } from './trpc.ts'
import { chatDesk } from './use-workspace.ts'

function toError(error: unknown): { code: string; message: string } {
  const { code, message } = failureOf(error)
  return { code, message: message ?? '' }
}

/** The next frame; a tab that nobody sees draws none, and catches up when it is looked at. */
const soon = (show: () => void) => void requestAnimationFrame(show)

/** A live conversation, from the page that was read with it on. `heard` is told of what is none of a message's. */
export function useChat(
  sessionId: string,
  initial: MessagesPage,
  heard: (kind: ChangeKind, title?: string) => void,
): { store: ChatStore; view: ChatView } {
  const client = useTRPCClient()
  const latest = useRef(heard)
  latest.current = heard
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read first is where it begins; from then on it reads by itself.
  const store = useMemo(
    () =>
      makeChatStore(
        {
          open: (listener) => chatDesk().open(sessionId, listener),
          messages: (input) => client.chats.messages.query({ id: sessionId, ...input }),
          events: (input) => client.workspace.events.query({ sessionId, ...input }),
        },
        { initial, toError, soon, heard: (kind, title) => latest.current(kind, title) },
      ),
    [client, sessionId],
  )
  const view = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot)
  return { store, view }
}
