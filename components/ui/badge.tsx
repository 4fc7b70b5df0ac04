import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const badgeStyle = cva(
  'inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        idle: 'bg-idle-soft text-idle',
        ok: 'bg-ok-soft text-ok',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
        run: 'bg-run-soft text-run',
        accent: 'bg-accent-soft text-accent',
      },
    },
    defaultVariants: { tone: 'idle' },
  },
)
export type Tone = NonNullable<VariantProps<typeof badgeStyle>['tone']>

/** A small label. Its colour never speaks alone: give it a word, and an icon where it is a state. */
export function Badge({ className, tone, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn(badgeStyle({ tone }), className)} {...props} />
}
