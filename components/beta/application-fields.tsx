'use client'

import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { Field, FieldError } from '@/components/ui/field.tsx'
import { Input, Select, Textarea } from '@/components/ui/input.tsx'
import { applicationLimits, teamSizes } from '@/server/beta/schema.ts'
import type { ApplicationDraft, ApplicationField } from './application-draft.ts'

interface Props {
  draft: ApplicationDraft
  errors: Partial<Record<ApplicationField, string>>
  onChange: (part: Partial<ApplicationDraft>) => void
}

/** The form's fields, each with its words. */
export function ApplicationFields({ draft, errors, onChange }: Props) {
  const t = useTranslations('beta.form')
  const { purposeMax } = applicationLimits
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2 sm:items-start">
        <Field label={t('name.label')} error={errors.name ?? null}>
          {(control) => (
            <Input
              {...control}
              autoComplete="name"
              required
              value={draft.name}
              onChange={({ target }) => onChange({ name: target.value })}
            />
          )}
        </Field>
        <Field label={t('company.label')} error={errors.company ?? null} hint={t('company.hint')}>
          {(control) => (
            <Input
              {...control}
              autoComplete="organization"
              value={draft.company}
              onChange={({ target }) => onChange({ company: target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label={t('purpose.label')}
        error={errors.purpose ?? null}
        hint={t('purpose.hint')}
        aside={t('purpose.count', { used: draft.purpose.length, max: purposeMax })}
      >
        {(control) => (
          <Textarea
            {...control}
            required
            placeholder={t('purpose.placeholder')}
            value={draft.purpose}
            onChange={({ target }) => onChange({ purpose: target.value })}
          />
        )}
      </Field>
      <Field label={t('teamSize.label')} error={errors.teamSize ?? null}>
        {(control) => (
          <Select
            {...control}
            required
            className="h-9 w-full sm:w-64"
            value={draft.teamSize}
            onChange={({ target }) => onChange({ teamSize: target.value as ApplicationDraft['teamSize'] })}
          >
            <option value="">{t('teamSize.choose')}</option>
            {teamSizes.map((size) => (
              <option key={size} value={size}>
                {t(`teamSize.sizes.${size}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Consent given={draft.consent} error={errors.consent} onChange={(consent) => onChange({ consent })} />
    </>
  )
}

function Consent({ given, error, onChange }: { given: boolean; error: string | undefined; onChange: (given: boolean) => void }) {
  const t = useTranslations('beta.form')
  const id = useId()
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="flex items-start gap-2.5 text-sm">
        <input
          id={id}
          type="checkbox"
          required
          className="mt-0.5 size-4 shrink-0 accent-accent"
          checked={given}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={({ target }) => onChange(target.checked)}
        />
        <span>
          {t.rich('consent', {
            link: (words) => (
              <a href="/privacy" target="_blank" rel="noopener" className="rounded text-accent underline underline-offset-2">
                {words}
              </a>
            ),
          })}
        </span>
      </label>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}
