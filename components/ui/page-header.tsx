import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** A page's name, what belongs beside it, and what can be done, which wraps below on a phone. */
export function PageHeader(props: { title: ReactNode; beside?: ReactNode; meta?: ReactNode; actions?: ReactNode; className?: string }) {
  return (
    <header className={cn('flex flex-wrap items-start justify-between gap-x-6 gap-y-3', props.className)}>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <h1 className="min-w-0 font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">{props.title}</h1>
          {props.beside}
        </div>
        {props.meta && <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">{props.meta}</div>}
      </div>
      {props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
    </header>
  )
}
