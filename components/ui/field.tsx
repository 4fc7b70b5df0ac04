'use client'

import { CircleAlert } from 'lucide-react'
import { Label as Radix } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

export function Label({ className, ...props }: React.ComponentProps<typeof Radix.Root>) {
  return <Radix.Root className={cn('font-medium text-sm', className)} {...props} />
}

/** What is wrong with a field, in words; the control names it in `aria-describedby`. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-bad text-xs">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      {children}
    </p>
  )
}

interface Control {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/** A labelled control with its hint and its error in words; `children` gets what ties the control to them. */
export function Field(props: {
  label: ReactNode
  hint?: ReactNode
  error?: string | null
  aside?: ReactNode
  className?: string
  children: (control: Control) => ReactNode
}) {
  const id = useId()
  const described = [props.error && `${id}-error`, props.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
  return (
    <div className={cn('grid gap-1.5', props.className)}>
      <div className="flex items-baseline justify-between gap-3">
        <Label htmlFor={id}>{props.label}</Label>
        {props.aside && <span className="tabular text-faint text-xs">{props.aside}</span>}
      </div>
      {props.children({ id, 'aria-invalid': props.error ? true : undefined, 'aria-describedby': described })}
      {props.error && <FieldError id={`${id}-error`}>{props.error}</FieldError>}
      {props.hint && (
        <p id={`${id}-hint`} className="text-faint text-xs">
          {props.hint}
        </p>
      )}
    </div>
  )
}
