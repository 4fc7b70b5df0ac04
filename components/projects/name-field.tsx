'use client'

import { Check } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { serviceNameSchema } from '@/server/projects/schema.ts'
import type { useName } from './use-name.ts'

/** Where the app will answer: its name, and the address that follows from it. */
export function NameField({ name, error, domain }: { name: ReturnType<typeof useName>; error: string | null; domain: string }) {
  const t = useTranslations('newProject.name')
  const misshapen = name.sent !== undefined && !serviceNameSchema.safeParse(name.sent).success
  const refused = name.refused ? (misshapen ? t('rule') : t('taken')) : null
  return (
    <Field
      label={t('label')}
      error={error ?? refused}
      hint={
        name.shown && !refused ? (
          <span className="inline-flex flex-wrap items-center gap-1">
            {name.free && <Check aria-hidden className="size-3.5 text-ok" />}
            {t('address')} <span className="font-mono text-ink">{`${name.shown}.${domain}`}</span>
          </span>
        ) : (
          t('hint')
        )
      }
    >
      {(control) => (
        <Input
          {...control}
          className="font-mono"
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          value={name.shown}
          placeholder={t('placeholder')}
          onChange={({ target }) => name.write(target.value)}
        />
      )}
    </Field>
  )
}
