'use client'

import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'

const boxes = 'input[type="checkbox"][data-row]'

/**
 * Which rows are selected. Space and click take one, with Shift all up to the one before; the arrow keys go from row to row, Escape lets
 * all go. What is not in `ids` any more is not selected.
 */
export function useSelection(ids: readonly string[]) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string>(undefined)
  const selected = ids.filter((id) => picked.has(id))
  const set = (changed: readonly string[], on: boolean) =>
    setPicked((before) => {
      const after = new Set(before)
      for (const id of changed) on ? after.add(id) : after.delete(id)
      return after
    })
  const clear = () => setPicked(new Set())
  const onClick = (id: string, event: MouseEvent<HTMLInputElement>) => {
    const [from, to] = [last.current === undefined ? -1 : ids.indexOf(last.current), ids.indexOf(id)]
    const range = event.shiftKey && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
    set(range, event.currentTarget.checked)
    last.current = id
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape') return clear()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const box = event.target as HTMLElement
    if (!step || !box.matches(boxes)) return
    event.preventDefault()
    const all = [...event.currentTarget.querySelectorAll<HTMLInputElement>(boxes)]
    all[all.indexOf(box as HTMLInputElement) + step]?.focus()
  }
  return { selected, has: (id: string) => picked.has(id), set, clear, onClick, onKeyDown }
}
export type Selection = ReturnType<typeof useSelection>
