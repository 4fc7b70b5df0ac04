'use client'

import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { cn } from '@/components/ui/cn.ts'

interface Props {
  open: boolean
  onOpen: (open: boolean) => void
  icon: ReactNode
  title: ReactNode
  beside?: ReactNode
  className?: string
  children: ReactNode
}

/** A line that unfolds what belongs to it; what is folded is not drawn. */
export function Fold({ open, onOpen, icon, title, beside, className, children }: Props) {
  const id = useId()
  return (
    <div className={className}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => onOpen(!open)}
        className="flex min-h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 py-1 text-left text-muted hover:bg-sunken hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0"
      >
        {icon}
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {beside}
        <ChevronRight aria-hidden className={cn('text-faint transition-transform', open && 'rotate-90')} />
      </button>
      {open && (
        <div id={id} className="px-2 pt-1 pb-2">
          {children}
        </div>
      )}
    </div>
  )
}
