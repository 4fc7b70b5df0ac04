import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const box =
  'w-full min-w-0 rounded-md border border-line-strong bg-surface px-3 text-ink text-sm placeholder:text-faint aria-invalid:border-bad disabled:opacity-60'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(box, 'h-9', className)} {...props} />
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(box, 'min-h-32 py-2 leading-relaxed', className)} {...props} />
}

/** The platform's own select, which is the best one on a phone. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select className={cn(box, 'h-8 w-auto pr-7', className)} {...props} />
}
