'use client'

import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export const Dialog = Radix.Root
export const DialogTrigger = Radix.Trigger

/** A window near the top, its title for screen readers only: the command palette's. */
export function PaletteContent({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)]" />
      <Radix.Content
        aria-describedby={undefined}
        className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-lg border bg-surface shadow-float"
      >
        <Radix.Title className="sr-only">{title}</Radix.Title>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}
