'use client'

import { useEffect, useRef } from 'react'
import { type ChatDesk, makeChatDesk, type WorkspaceChange } from './chat-socket.ts'
import { pageSocket } from './page-socket.ts'

let desk: ChatDesk | undefined

/** The page's one desk for conversations. */
export function chatDesk(): ChatDesk {
  desk ??= makeChatDesk(pageSocket() as never)
  return desk
}

/** Hears whenever something of this person's workspace changed: the list, what waits for a word, an answer that came to its end. */
export function useWorkspaceChanges(heard: (change: WorkspaceChange) => void): void {
  const latest = useRef(heard)
  latest.current = heard
  useEffect(() => chatDesk().watch((change) => latest.current(change)), [])
}
