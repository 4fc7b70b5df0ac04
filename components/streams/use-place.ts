'use client'

import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { StreamView } from '@/components/client/stream-view.ts'
import type { useOpened } from './use-opened.ts'
import { type OnMove, useVirtualRows } from './use-virtual-rows.ts'

interface Place {
  view: StreamView
  opened: ReturnType<typeof useOpened>
  rowHeight: number
  /** The line that the address points to. */
  line: number | null
  live: boolean
}

/** Where the reader stands in a console: at its end as long as he follows it, at the line he was sent to, or where he scrolled. */
export function usePlace({ view, opened, rowHeight, line, live }: Place) {
  const [follow, setFollow] = useState(live && line === null)
  const onMove = useCallback<OnMove>(({ up, atEnd }) => setFollow((before) => (up ? false : atEnd || before)), [])
  const rows = useVirtualRows({ count: view.total, height: rowHeight, opened: opened.rows }, onMove)
  const go = useRef(rows)
  go.current = rows
  const { start, end, viewport } = rows

  useEffect(() => view.ensure(start, end), [view, start, end])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a taller text or window is what the end has to be found again for.
  useEffect(() => {
    if (follow) go.current.scrollToEnd()
  }, [follow, rows.height, view.total, rows.width, viewport])

  // The line that the address points to is shown once it is there; after that the reader scrolls as he likes.
  const shown = useRef<number | null>(null)
  useEffect(() => {
    if (line === null || shown.current === line || viewport === 0) return
    const row = view.positionOf(line)
    if (row >= view.total) return
    shown.current = line
    setFollow(false)
    go.current.scrollToRow(row, 'centre')
  }, [line, view, viewport])

  const toTop = () => {
    setFollow(false)
    rows.scrollToRow(0, 'start')
  }
  return {
    rows,
    follow: follow && !view.closed,
    setFollow,
    toTop,
    toEnd: rows.scrollToEnd,
    /** Says that the reader is looking at this line, so there is nothing to scroll to. */
    stay: useCallback((seq: number) => {
      shown.current = seq
    }, []),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'Home' && event.key !== 'End')) return
      event.preventDefault()
      if (event.key === 'Home') toTop()
      else rows.scrollToEnd()
    },
  }
}
