'use client'

import { AlertDialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

/** Asks before something that cannot be undone; `trigger` opens it. */
export function Confirm(props: {
  trigger: ReactNode
  title: string
  description: string
  cancel: string
  confirm: string
  onConfirm: () => void
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)] backdrop-blur-[1px]" />
        <Radix.Content className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 rounded-lg border bg-surface p-5 shadow-float">
          <Radix.Title className="font-semibold text-base">{props.title}</Radix.Title>
          <Radix.Description className="mt-1.5 text-muted">{props.description}</Radix.Description>
          <div className="mt-5 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>{props.cancel}</Button>
            </Radix.Cancel>
            <Radix.Action asChild>
              <Button variant="danger" onClick={props.onConfirm}>
                {props.confirm}
              </Button>
            </Radix.Action>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
