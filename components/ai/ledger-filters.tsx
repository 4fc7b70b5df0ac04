'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useId } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Input, Select } from '@/components/ui/input.tsx'
import { callOutcomes, type LedgerChoices, ledgerFindings } from '@/server/ai/schema.ts'
import { emptyView, type LedgerView } from './ledger-query.ts'
import { usePurposeName } from './use-names.ts'

interface Props {
  view: LedgerView
  choices: LedgerChoices | undefined
  /** Whether sendings of all projects are shown. */
  all: boolean
  onChange: (change: Partial<LedgerView>) => void
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className="text-faint text-xs">
        {label}
      </label>
      {children(id)}
    </div>
  )
}

function Choice(props: {
  label: string
  any: string
  value: string
  choices: [value: string, name: string][]
  onChange: (value: string) => void
}) {
  // What an address asks for stays to be seen, also where there is no such thing.
  const known = props.value === '' || props.choices.some(([value]) => value === props.value)
  const choices: [string, string][] = known ? props.choices : [...props.choices, [props.value, props.value]]
  return (
    <Labelled label={props.label}>
      {(id) => (
        <Select id={id} className="h-9 w-full" value={props.value} onChange={({ target }) => props.onChange(target.value)}>
          <option value="">{props.any}</option>
          {choices.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Labelled>
  )
}

function Choices({ view, choices, onChange }: Props) {
  const t = useTranslations('ledger')
  const purposeName = usePurposeName()
  return (
    <>
      <Choice
        label={t('purpose')}
        any={t('anyPurpose')}
        value={view.purpose}
        choices={(choices?.purposes ?? []).map((purpose) => [purpose, purposeName(purpose)])}
        onChange={(purpose) => onChange({ purpose })}
      />
      <Choice
        label={t('model')}
        any={t('anyModel')}
        value={view.model}
        choices={(choices?.models ?? []).map((model) => [model, model])}
        onChange={(model) => onChange({ model })}
      />
      <Choice
        label={t('outcome')}
        any={t('anyOutcome')}
        value={view.outcome}
        choices={callOutcomes.map((outcome) => [outcome, t(`outcomes.${outcome}`)])}
        onChange={(outcome) => onChange({ outcome })}
      />
      <Choice
        label={t('found')}
        any={t('anyFound')}
        value={view.found}
        choices={ledgerFindings.map((found) => [found, t(`foundNames.${found}`)])}
        onChange={(found) => onChange({ found })}
      />
    </>
  )
}

/** Which sendings are shown. */
export function LedgerFilters(props: Props) {
  const { view, all, onChange } = props
  const t = useTranslations('ledger')
  const any = Object.values(view).some(Boolean)
  return (
    <search aria-label={t('filters')} className="grid grid-cols-2 items-end gap-2 border-b px-4 py-3 sm:grid-cols-3 lg:grid-cols-5">
      <Choices {...props} />
      {(all ? (['service', 'person'] as const) : (['person'] as const)).map((name) => (
        <Labelled key={name} label={t(name)}>
          {(id) => (
            <Input
              id={id}
              type="search"
              maxLength={name === 'service' ? 64 : 320}
              placeholder={t(`${name}Hint`)}
              value={view[name]}
              onChange={({ target }) => onChange({ [name]: target.value })}
            />
          )}
        </Labelled>
      ))}
      <Labelled label={t('build')}>
        {(id) => (
          <Input
            id={id}
            type="search"
            inputMode="numeric"
            maxLength={9}
            placeholder={t('buildHint')}
            value={view.build}
            onChange={({ target }) => onChange({ build: target.value.replaceAll(/\D/g, '') })}
          />
        )}
      </Labelled>
      {(['since', 'until'] as const).map((name) => (
        <Labelled key={name} label={t(name)}>
          {(id) => <Input id={id} type="date" value={view[name]} onChange={({ target }) => onChange({ [name]: target.value })} />}
        </Labelled>
      ))}
      <Button variant="ghost" disabled={!any} onClick={() => onChange(emptyView)}>
        <X aria-hidden />
        {t('clear')}
      </Button>
    </search>
  )
}
