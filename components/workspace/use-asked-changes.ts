'use client'

import { useMemo, useRef, useState } from 'react'
import type { ChatActions } from './chat-actions.tsx'
import type { ShownChanges } from './side-panel.tsx'
import type { Side } from './use-sides.ts'

export interface AskedChanges extends ShownChanges {
  /** How often they were asked for: each time the panel comes with them. */
  asked: number
}

/** Whose changes are shown beside the thread, with the actions completed by the one that asks for them; those stay the same object. */
export function useAskedChanges(actions: Omit<ChatActions, 'changes'>, panel: Side): { actions: ChatActions; changes: AskedChanges } {
  const [{ asked, messageId }, setAsked] = useState<{ asked: number; messageId: string | null }>({ asked: 0, messageId: null })
  const latest = useRef(panel)
  latest.current = panel
  const complete = useMemo(
    () => ({
      ...actions,
      changes(id: string) {
        setAsked((before) => ({ asked: before.asked + 1, messageId: id }))
        latest.current.set(true)
      },
    }),
    [actions],
  )
  const changes = useMemo(
    () => ({ asked, messageId, all: () => setAsked((before) => ({ ...before, messageId: null })) }),
    [asked, messageId],
  )
  return { actions: complete, changes }
}
