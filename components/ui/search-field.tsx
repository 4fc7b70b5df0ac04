'use client'

import { LoaderCircle, Search } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { cn } from './cn.ts'
import { Input } from './input.tsx'

const busyPlaces = 'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"]'

/** Lets the key "/" lead to a field, from wherever nothing is being typed. */
function useSlash(on: boolean) {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent) => {
      const busy = (event.target as HTMLElement | null)?.closest?.(busyPlaces)
      if (event.key !== '/' || busy || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      ref.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [on])
  return ref
}

/** Where one types what a list is searched for. */
export function SearchField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  maxLength?: number
  className?: string
  /** What was typed is being looked for. */
  busy?: boolean
  /** The key "/" leads here; what is given stands in the empty field as its hint. */
  slash?: boolean | ReactNode
}) {
  const ref = useSlash(Boolean(props.slash))
  const Icon = props.busy ? LoaderCircle : Search
  return (
    <div className={cn('relative', props.className)}>
      <Icon
        aria-hidden
        className={cn('pointer-events-none absolute top-2.5 left-3 size-4 text-faint', props.busy && 'motion-safe:animate-spin')}
      />
      <Input
        ref={ref}
        type="search"
        dir="auto"
        className="pr-9 pl-9"
        aria-label={props.label}
        placeholder={props.label}
        maxLength={props.maxLength ?? 100}
        value={props.value}
        onChange={({ target }) => props.onChange(target.value)}
      />
      {props.slash && !props.value && (
        <span aria-hidden className="pointer-events-none absolute top-2 right-3 hidden sm:block">
          {props.slash}
        </span>
      )}
    </div>
  )
}
