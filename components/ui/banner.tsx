import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

const looks = {
  info: { icon: Info, style: 'border-run/30 bg-run-soft text-run' },
  ok: { icon: CircleCheck, style: 'border-ok/30 bg-ok-soft text-ok' },
  warn: { icon: TriangleAlert, style: 'border-warn/30 bg-warn-soft text-warn' },
  bad: { icon: CircleAlert, style: 'border-bad/30 bg-bad-soft text-bad' },
} as const

/** Something the reader should know before going on. */
export function Banner(props: {
  tone: keyof typeof looks
  title?: ReactNode
  children?: ReactNode
  className?: string
  action?: ReactNode
}) {
  const { icon: Icon, style } = looks[props.tone]
  return (
    <div
      role={props.tone === 'bad' ? 'alert' : 'note'}
      className={cn('flex items-start gap-2.5 rounded-lg border px-4 py-3', style, props.className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {props.title && <p className="font-semibold">{props.title}</p>}
        {props.children && <div className="whitespace-pre-line text-ink [overflow-wrap:anywhere]">{props.children}</div>}
      </div>
      {props.action}
    </div>
  )
}
