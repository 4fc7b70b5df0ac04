import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** What stands where there is nothing yet, and what to do about it. */
export function EmptyState(props: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
  /** True where it stands for the whole page. */
  page?: boolean
}) {
  const Title = props.page ? 'h1' : 'p'
  return (
    <div className={cn('flex flex-col items-center gap-3 px-6 py-14 text-center', props.className)}>
      {props.icon && <span className="text-faint [&_svg]:size-8 [&_svg]:stroke-[1.5]">{props.icon}</span>}
      <Title className="font-semibold text-base">{props.title}</Title>
      {props.children && <div className="max-w-prose text-balance text-muted">{props.children}</div>}
      {props.action && <div className="mt-2 flex flex-wrap justify-center gap-2">{props.action}</div>}
    </div>
  )
}
