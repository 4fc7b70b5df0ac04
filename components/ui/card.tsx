import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

/** A surface that holds one thing. */
export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('min-w-0 rounded-lg border bg-surface', className)} {...props} />
}

/** The card's name, with what can be done at its right. */
export function CardHeader({ title, children, className }: { title: ReactNode; children?: ReactNode; className?: string }) {
  return (
    <header className={cn('flex min-h-11 flex-wrap items-center justify-between gap-2 border-b px-4 py-2', className)}>
      <h2 className="font-semibold text-sm">{title}</h2>
      {children}
    </header>
  )
}

export function CardBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('p-4', className)} {...props} />
}
