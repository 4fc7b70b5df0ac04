'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { useModal } from './modal.tsx'

export const Dialog = Radix.Root
export const DialogTrigger = Radix.Trigger

/** A window near the top, its title for screen readers only: the command palette's. */
export function PaletteContent({ title, children }: { title: string; children: ReactNode }) {
  const modal = useModal()
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)]" />
      <Radix.Content
        {...modal.content}
        aria-describedby={undefined}
        className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 overflow-hidden rounded-lg border bg-surface shadow-float"
      >
        {modal.behind}
        <Radix.Title className="sr-only">{title}</Radix.Title>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}

/** A window in the middle with its title and a way out; `hidden` takes it from sight and leaves all that was typed in it. */
export function DialogContent(props: {
  title: string
  description?: string
  close: string
  hidden?: boolean
  className?: string
  children: ReactNode
}) {
  const hidden = props.hidden && 'invisible'
  const modal = useModal(props.hidden)
  return (
    <Radix.Portal>
      <Radix.Overlay className={cn('fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)] backdrop-blur-[1px]', hidden)} />
      <Radix.Content
        {...modal.content}
        {...(props.description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          'fixed top-1/2 left-1/2 z-50 max-h-[92dvh] w-[calc(100vw-1.5rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg border bg-surface p-5 shadow-float',
          hidden,
          props.className,
        )}
      >
        {modal.behind}
        <div className="flex items-start justify-between gap-3">
          <Radix.Title className="min-w-0 font-semibold text-base [overflow-wrap:anywhere]">{props.title}</Radix.Title>
          <Radix.Close asChild>
            <Button variant="ghost" size="icon-sm" aria-label={props.close} className="-mt-1 -mr-1">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </div>
        {props.description && <Radix.Description className="mt-1 text-muted">{props.description}</Radix.Description>}
        <div className="mt-4">{props.children}</div>
      </Radix.Content>
    </Radix.Portal>
  )
}
