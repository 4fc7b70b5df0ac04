'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { FieldError } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { maskedValue } from '@/server/agents/schema.ts'
import type { FormServer } from './form-draft.ts'
import { errorAt, type FormErrors } from './use-form.ts'

type Pairs = FormServer['pairs']

interface Props {
  label: string
  /** The field's path, as errors name it. */
  field: string
  pairs: Pairs
  errors: FormErrors
  onChange: (pairs: Pairs) => void
}

/** Names with their secret values; a stored value is shown as its mask, and replaced as a whole. */
export function McpPairs({ label, field, pairs, errors, onChange }: Props) {
  const t = useTranslations('agentForm.mcp')
  const set = (at: number, part: Partial<Pairs[number]>) =>
    onChange(pairs.map((pair, index) => (index === at ? { ...pair, ...part } : pair)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {pairs.map((pair, at) => {
        const error = errorAt(errors, `${field}.${at}`)
        return (
          <div key={pair.key} className="grid gap-1">
            <div className="flex items-center gap-2">
              <Input
                className="basis-2/5 font-mono text-xs"
                aria-label={t('pairName')}
                aria-invalid={errorAt(errors, `${field}.${at}.name`) ? true : undefined}
                aria-describedby={error ? `${field}.${at}` : undefined}
                value={pair.name}
                maxLength={64}
                autoComplete="off"
                spellCheck={false}
                onChange={({ target }) => set(at, { name: target.value })}
              />
              <Input
                className="font-mono text-xs"
                type={pair.value === maskedValue ? 'text' : 'password'}
                aria-label={t('pairValue')}
                aria-invalid={errorAt(errors, `${field}.${at}.value`) ? true : undefined}
                aria-describedby={error ? `${field}.${at}` : undefined}
                value={pair.value}
                maxLength={4_000}
                autoComplete="new-password"
                spellCheck={false}
                onFocus={({ target }) => target.select()}
                // A key pressed inside the mask begins a new value; the mask is no part of it.
                onChange={({ target }) => set(at, { value: pair.value === maskedValue ? target.value.replaceAll('•', '') : target.value })}
              />
              <Button
                size="icon-sm"
                variant="ghost"
                aria-label={t('removePair', { name: pair.name })}
                onClick={() => onChange(pairs.filter((_, index) => index !== at))}
              >
                <X aria-hidden />
              </Button>
            </div>
            {error && <FieldError id={`${field}.${at}`}>{error}</FieldError>}
          </div>
        )
      })}
      <Button
        size="sm"
        variant="ghost"
        className="justify-self-start"
        disabled={pairs.length >= 20}
        onClick={() => onChange([...pairs, { key: crypto.randomUUID(), name: '', value: '' }])}
      >
        <Plus aria-hidden />
        {t('addPair')}
      </Button>
    </fieldset>
  )
}
