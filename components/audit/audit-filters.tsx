'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useId } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Input, Select } from '@/components/ui/input.tsx'
import { type AuditAction, auditActions } from '@/server/audit/schema.ts'
import type { AuditView } from './audit-query.ts'
import { useActionName } from './use-action-name.ts'

type Group = AuditAction extends `${infer G}.${string}` ? G : never
const groups = [...new Set(auditActions.map((action) => action.split('.')[0] as Group))]

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

function ActionSelect({ id, value, onChange }: { id: string; value: string; onChange: (action: string) => void }) {
  const t = useTranslations('audit')
  const nameOf = useActionName()
  return (
    <Select id={id} className="h-9 w-full" value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t('anyAction')}</option>
      {groups.map((group) => (
        <optgroup key={group} label={t(`groups.${group}`)}>
          {auditActions
            .filter((action) => action.startsWith(`${group}.`))
            .map((action) => (
              <option key={action} value={action}>
                {nameOf(action)}
              </option>
            ))}
        </optgroup>
      ))}
    </Select>
  )
}

/** Which entries are shown: what was done, by whom, to whom, and when. */
export function AuditFilters({ view, onChange }: { view: AuditView; onChange: (change: Partial<AuditView>) => void }) {
  const t = useTranslations('audit')
  const any = Object.values(view).some(Boolean)
  return (
    <search aria-label={t('filters')} className="grid grid-cols-2 items-end gap-2 border-b px-4 py-3 md:grid-cols-3 lg:grid-cols-6">
      <Labelled label={t('action')}>
        {(id) => <ActionSelect id={id} value={view.action} onChange={(action) => onChange({ action })} />}
      </Labelled>
      {(['actor', 'target'] as const).map((name) => (
        <Labelled key={name} label={t(name)}>
          {(id) => (
            <Input
              id={id}
              type="search"
              maxLength={320}
              placeholder={t(`${name}Hint`)}
              value={view[name]}
              onChange={({ target }) => onChange({ [name]: target.value })}
            />
          )}
        </Labelled>
      ))}
      {(['since', 'until'] as const).map((name) => (
        <Labelled key={name} label={t(name)}>
          {(id) => <Input id={id} type="date" value={view[name]} onChange={({ target }) => onChange({ [name]: target.value })} />}
        </Labelled>
      ))}
      <Button variant="ghost" disabled={!any} onClick={() => onChange({ action: '', actor: '', target: '', since: '', until: '' })}>
        <X aria-hidden />
        {t('clear')}
      </Button>
    </search>
  )
}
