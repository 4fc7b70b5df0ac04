'use client'

import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export const Menu = Radix.Root
export const MenuTrigger = Radix.Trigger
export const MenuRadioGroup = Radix.RadioGroup

const row =
  'flex w-full cursor-default select-none items-center gap-2 rounded px-2 py-1.5 text-sm outline-none data-[highlighted]:bg-sunken data-[state=checked]:font-medium data-[state=checked]:text-accent [&_svg]:size-4 [&_svg]:shrink-0'

export function MenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        className={cn('z-50 min-w-40 rounded-lg border bg-surface p-1 shadow-float', className)}
        {...props}
      />
    </Radix.Portal>
  )
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item className={cn(row, className)} {...props} />
}

export function MenuRadioItem({ className, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return <Radix.RadioItem className={cn(row, className)} {...props} />
}

export function MenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label className={cn('px-2 py-1.5 text-faint text-xs', className)} {...props} />
}

export function MenuSeparator({ className }: { className?: string }) {
  return <Radix.Separator className={cn('-mx-1 my-1 h-px bg-line', className)} />
}
