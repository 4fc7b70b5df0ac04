'use client'

import { useCallback, useMemo, useState } from 'react'
import { useKept, useWide } from './use-layout.ts'

export interface Side {
  open: boolean
  /** Beside the thread; else over it. */
  wide: boolean
  toggle: () => void
  set: (open: boolean) => void
}

function useSide(name: string, first: 'open' | 'shut', wide: boolean): Side {
  const [kept, keep] = useKept<'open' | 'shut'>(`workspace.${name}`, first)
  // What comes over the thread is never open by itself.
  const [over, setOver] = useState(false)
  const open = wide ? kept === 'open' : over
  const set = useCallback((next: boolean) => (wide ? keep(next ? 'open' : 'shut') : setOver(next)), [wide, keep])
  const toggle = useCallback(() => set(!open), [set, open])
  return useMemo(() => ({ open, wide, toggle, set }), [open, wide, toggle, set])
}

/** Whether the conversations and the files are shown beside the thread. */
export function useSides(): { history: Side; panel: Side } {
  const wide = useWide()
  return { history: useSide('history', 'open', wide), panel: useSide('panel', 'shut', wide) }
}
