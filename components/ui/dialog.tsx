'use client'

import { Dialog as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

export const Dialog = Radix.Root
export const DialogTrigger = Radix.Trigger
export const DialogClose = Radix.Close

const veil = 'fixed inset-0 z-40 bg-[rgb(15_12_18/0.55)] backdrop-blur-[1px]'
const sheet = 'fixed left-1/2 z-50 w-[calc(100vw-2rem)] -translate-x-1/2 rounded-lg border bg-surface shadow-float'

/** A window over the page. The title names it for everyone; `description` may be left out. */
export function DialogContent({
  title,
  description,
  children,
  className,
  ...props
}: Omit<ComponentProps<typeof Radix.Content>, 'title'> & { title: ReactNode; description?: ReactNode }) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={veil} />
      <Radix.Content
        className={cn(sheet, 'top-1/2 max-h-[85vh] max-w-md -translate-y-1/2 overflow-auto p-5', className)}
        {...(description ? {} : { 'aria-describedby': undefined })}
        {...props}
      >
        <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
        {description && <Radix.Description className="mt-1.5 text-muted">{description}</Radix.Description>}
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}

/** A window near the top, its title for screen readers only: the command palette's. */
export function PaletteContent({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={veil} />
      <Radix.Content className={cn(sheet, 'top-[12vh] max-w-lg overflow-hidden')} aria-describedby={undefined}>
        <Radix.Title className="sr-only">{title}</Radix.Title>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}
