'use client'

import { useState, useSyncExternalStore } from 'react'
import { type Draft, drafted, makePanelStore, type PanelState, relocated, toggled } from './panel-store.ts'

type Asking = { kind: 'new' } | { kind: 'rename' | 'delete'; path: string } | null

const ask = (event: BeforeUnloadEvent) => event.preventDefault()
/** Whoever would close the page is asked first, also while the panel itself is closed. */
const panels = makePanelStore((some) => (some ? window.addEventListener : window.removeEventListener).call(window, 'beforeunload', ask))
const untouched = panels.of('')

/** What is chosen and open in a conversation's panel, what was typed and not saved, and what is being asked. */
export function usePanel(sessionId: string) {
  const state: PanelState = useSyncExternalStore(
    panels.subscribe,
    () => panels.of(sessionId),
    () => untouched,
  )
  const [asking, setAsking] = useState<Asking>(null)
  const change = (part: Parameters<typeof panels.change>[1]) => panels.change(sessionId, part)
  return {
    ...state,
    asking,
    setAsking,
    setActive: (active: string | null) => change(() => ({ active })),
    setShown: (shown: string | null) => change(() => ({ shown })),
    draft: (path: string, value: Draft | null) => change(drafted(path, value)),
    relocate: (from: string, to: string | null) => change(relocated(from, to)),
    toggle: (path: string) => change(toggled(path)),
  }
}
export type Panel = ReturnType<typeof usePanel>
