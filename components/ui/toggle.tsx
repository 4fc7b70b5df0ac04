'use client'

import { Toggle as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** A button that stays pressed. */
export function Toggle({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'inline-flex h-7 shrink-0 items-center gap-1.5 rounded px-2 font-medium text-xs transition-colors [&_svg]:size-3.5',
        className,
      )}
      {...props}
    />
  )
}
