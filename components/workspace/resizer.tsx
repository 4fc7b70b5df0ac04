'use client'

import type { KeyboardEvent, PointerEvent } from 'react'

interface Props {
  label: string
  width: number
  min: number
  max: number
  onWidth: (width: number) => void
}

const stepPx = 32

/** The edge of the side panel: drawn with the pointer, moved with the arrow keys. */
export function Resizer({ label, width, min, max, onWidth }: Props) {
  const within = (value: number) => Math.round(Math.min(max, Math.max(min, value)))
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: stepPx, ArrowRight: -stepPx }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onWidth(within(width + by))
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(within(window.innerWidth - event.clientX))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved.
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      className="w-1.5 shrink-0 cursor-col-resize touch-none border-l bg-bg transition-colors hover:bg-accent-soft focus-visible:-outline-offset-2"
    />
  )
}
