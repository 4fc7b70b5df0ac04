'use client'

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Rows, rowAt, rowsHeight, rowTop } from './rows.ts'
import { atEnd, elementHeight, type Position, positionAt, type Scale, scrolled } from './scroll-scale.ts'

const overscan = 12
const pauseMs = 160

export interface VirtualRows {
  /** For the element that scrolls. */
  ref: RefObject<HTMLDivElement | null>
  /** Height of the element inside it. */
  height: number
  width: number
  /** Height of what is seen; 0 until it is drawn. */
  viewport: number
  /** The rows to draw: `[start, end)`. */
  start: number
  end: number
  /** Where the row's upper edge stands within the inner element. */
  topOf(row: number): number
  scrollToRow(row: number, align: 'centre' | 'start' | 'end'): void
  scrollToEnd(): void
}

/** How the reader moved: away from the end, or to it; programmatic scrolling is not told. */
export type OnMove = (move: { up: boolean; atEnd: boolean }) => void

function useSize(ref: RefObject<HTMLDivElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}

/** Draws only the rows that are seen, out of more rows than an element can be tall. */
export function useVirtualRows(rows: Rows, onMove: OnMove): VirtualRows {
  const ref = useRef<HTMLDivElement>(null)
  const size = useSize(ref)
  const [{ position, placed }, setState] = useState({ position: { scrollTop: 0, top: 0 }, placed: false })
  const scale: Scale = { text: rowsHeight(rows), viewport: size.height }
  const latest = useRef({ position, scale, onMove, rows, placing: false })
  latest.current = { ...latest.current, scale, onMove, rows }

  const move = useCallback((next: Position, place: boolean) => {
    latest.current.position = next
    latest.current.placing = place
    setState({ position: next, placed: place })
  }, [])
  const goTo = useCallback(
    (top: number) => {
      if (latest.current.scale.viewport > 0) move(positionAt(latest.current.scale, top), true)
    },
    [move],
  )

  // The scrollbar is placed only where we want it elsewhere: to write what it just told would stop a scroll that is still going on.
  useLayoutEffect(() => {
    const element = ref.current
    latest.current.placing = false
    if (placed && element && Math.abs(element.scrollTop - position.scrollTop) >= 1) element.scrollTop = position.scrollTop
  }, [position, placed])

  useEffect(() => {
    const element = ref.current
    if (!element) return
    let pause: ReturnType<typeof setTimeout>
    const onScroll = () => {
      const { position: from, scale: now, onMove: tell, placing } = latest.current
      // Between our own decision and its drawing, events still tell of where the scrollbar was before.
      if (placing || Math.abs(element.scrollTop - from.scrollTop) < 1) return
      const next = scrolled(now, from, element.scrollTop)
      // A window that grows lifts the scrollbar too, and leaves it at the lower end: nobody scrolled up.
      const lowest = element.scrollHeight - element.clientHeight - element.scrollTop < 2
      move(next, false)
      tell({ up: next.top < from.top && !lowest, atEnd: lowest || atEnd(now, next.top) })
      clearTimeout(pause)
      pause = setTimeout(() => goTo(latest.current.position.top), pauseMs)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(pause)
      element.removeEventListener('scroll', onScroll)
    }
  }, [move, goTo])

  const first = rowAt(rows, position.top)
  const last = rowAt(rows, position.top + size.height)
  return {
    ref,
    height: elementHeight(scale),
    width: size.width,
    viewport: size.height,
    start: Math.max(0, first - overscan),
    end: Math.min(rows.count, last + 1 + overscan),
    topOf: (row) => position.scrollTop + rowTop(rows, row) - position.top,
    scrollToRow: (row, align) => {
      const spare = { start: 0, centre: (size.height - rows.height) / 2, end: size.height - rows.height }[align]
      goTo(rowTop(rows, row) - spare)
    },
    scrollToEnd: () => goTo(scale.text),
  }
}
