'use client'

import { type RefObject, useEffect } from 'react'

const reachable = 'a[href], button:not(:disabled), input:not(:disabled)'
const windows = '[role=dialog], [role=alertdialog], [role=menu]'

interface Kept {
  /** What counts as a row. */
  rows: string
  /** Where in the list's surroundings the focus goes once there is no row left. */
  instead: string
}

/**
 * Keeps the focus in a list when the row that had it goes, because somebody deleted it: it moves to the row that takes its place, or to the one before the
 * end. Whoever is elsewhere by then stays there.
 */
export function useFocusKept(list: RefObject<HTMLElement | null>, { rows, instead }: Kept): void {
  useEffect(() => {
    const element = list.current
    if (!element) return
    let last: { row: Element; at: number } | null = null
    const note = (target: Element) => {
      const row = target.closest(rows)
      last = row && element.contains(row) ? { row, at: [...element.querySelectorAll(rows)].indexOf(row) } : null
    }
    const onFocus = ({ target }: FocusEvent) => target instanceof Element && note(target)
    // A menu's button takes no focus when it is pressed. Whoever presses somewhere else has left the list; the window that asks belongs to it.
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Element)) return
      if (element.contains(target)) note(target)
      else if (!target.closest(windows)) last = null
    }
    const observer = new MutationObserver(() => {
      if (!last || last.row.isConnected) return
      const { at } = last
      last = null
      if (document.activeElement && document.activeElement !== document.body) return
      const left = [...element.querySelectorAll(rows)]
      const row = left[Math.min(at, left.length - 1)]
      const place = row?.querySelector<HTMLElement>(reachable) ?? document.querySelector<HTMLElement>(instead)
      place?.focus()
    })
    element.addEventListener('focusin', onFocus)
    document.addEventListener('pointerdown', onPress, true)
    observer.observe(element, { childList: true, subtree: true })
    return () => {
      element.removeEventListener('focusin', onFocus)
      document.removeEventListener('pointerdown', onPress, true)
      observer.disconnect()
    }
  }, [list, rows, instead])
}
