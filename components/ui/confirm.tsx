'use client'

import { AlertDialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { useModal } from './modal.tsx'

/**
 * Asks before something that cannot be undone; `trigger` opens it, or whoever holds `open`. What has to be typed or chosen first stands in
 * `children`, and `ready` says whether it was.
 */
export function Confirm(props: {
  trigger?: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  title: ReactNode
  description: ReactNode
  cancel: string
  confirm: string
  children?: ReactNode
  ready?: boolean
  /** How the button looks that does it. */
  tone?: 'danger' | 'primary'
  onConfirm: () => void
}) {
  const modal = useModal()
  const control = props.open === undefined ? {} : { open: props.open }
  return (
    <Radix.Root {...control} onOpenChange={props.onOpenChange}>
      {props.trigger && <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)] backdrop-blur-[1px]" />
        <Radix.Content
          {...modal.content}
          className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-h-[90dvh] max-w-md -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg border bg-surface p-5 shadow-float"
        >
          {modal.behind}
          <Radix.Title className="font-semibold text-base [overflow-wrap:anywhere]">{props.title}</Radix.Title>
          <Radix.Description className="mt-1.5 text-muted">{props.description}</Radix.Description>
          {props.children && <div className="mt-4">{props.children}</div>}
          <div className="mt-5 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>{props.cancel}</Button>
            </Radix.Cancel>
            <Radix.Action asChild>
              <Button variant={props.tone ?? 'danger'} onClick={props.onConfirm} disabled={props.ready === false}>
                {props.confirm}
              </Button>
            </Radix.Action>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
