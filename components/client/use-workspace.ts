'use client'

import { useEffect, useMemo, useRef } from 'react'
import { onceAtATime } from './again.ts'
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

/** Reads again whenever something of these kinds changed; however often that is told, one reading is under way at a time. */
export function useReadAgain(kinds: readonly WorkspaceChange['kind'][], read: () => Promise<unknown>, restMs = 500): void {
  const latest = useRef(read)
  latest.current = read
  const again = useMemo(() => onceAtATime(() => latest.current(), restMs), [restMs])
  useWorkspaceChanges(({ kind }) => {
    if (kinds.includes(kind)) again()
  })
}
