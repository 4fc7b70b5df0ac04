'use client'

import { CircleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { type Scope, scopes } from '@/server/tokens/schema.ts'

/** What a token may do, each right by itself; only administrators can give the last one. */
export function ScopeChoice(props: {
  chosen: readonly Scope[]
  admin: boolean
  error: string | null
  onChange: (chosen: Scope[]) => void
}) {
  const t = useTranslations('tokens')
  const id = useId()
  const toggle = (scope: Scope, on: boolean) => props.onChange(scopes.filter((one) => (one === scope ? on : props.chosen.includes(one))))
  return (
    <fieldset
      className="grid gap-2"
      aria-invalid={props.error ? true : undefined}
      aria-describedby={props.error ? `${id}-error` : undefined}
    >
      <legend className="mb-2 font-medium text-sm">{t('create.scopes')}</legend>
      {scopes
        .filter((scope) => scope !== 'admin' || props.admin)
        .map((scope) => (
          <label key={scope} htmlFor={`${id}-${scope}`} className="flex items-start gap-2.5">
            <input
              id={`${id}-${scope}`}
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={props.chosen.includes(scope)}
              onChange={({ target }) => toggle(scope, target.checked)}
            />
            <span>
              <span className="block font-medium text-sm leading-5">{t(`scopes.${scope}`)}</span>
              <span className="block text-faint text-xs">{t(`scopeHints.${scope}`)}</span>
            </span>
          </label>
        ))}
      {props.error && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-bad text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {props.error}
        </p>
      )}
    </fieldset>
  )
}
