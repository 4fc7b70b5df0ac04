'use client'

import { useCallback, useMemo, useState } from 'react'
import type { StreamView } from '@/components/client/stream-view.ts'

/** Which long lines are opened, by number, and how many pixels each takes beyond a line's height. */
export function useOpened(view: StreamView, rowHeight: number) {
  const [extras, setExtras] = useState<ReadonlyMap<number, number>>(new Map())
  const toggle = useCallback((seq: number) => {
    setExtras((before) => {
      const after = new Map(before)
      if (!after.delete(seq)) after.set(seq, 0)
      return after
    })
  }, [])
  const measure = useCallback(
    (seq: number, height: number) => {
      const extra = Math.max(0, height - rowHeight)
      setExtras((before) => (before.get(seq) === extra || !before.has(seq) ? before : new Map(before).set(seq, extra)))
    },
    [rowHeight],
  )
  const rows = useMemo(
    () => [...extras].map(([seq, extra]) => ({ position: view.positionOf(seq), extra })).sort((a, b) => a.position - b.position),
    [extras, view],
  )
  return { isOpened: (seq: number | undefined) => seq !== undefined && extras.has(seq), rows, toggle, measure }
}
