'use client'

import { useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field.tsx'
import { Textarea } from '@/components/ui/input.tsx'
import { toolNames } from '@/server/agents/schema.ts'
import { PermissionChoice } from './permission-choice.tsx'
import { FormSection } from './section.tsx'
import { errorAt, type SectionProps } from './use-form.ts'

/** What an agent may do by itself, what it has to ask for, and what it may not do. */
export function ToolsSection({ form, change }: SectionProps) {
  const t = useTranslations('agentForm')
  return (
    <FormSection title={t('sections.tools')} aside={<span className="text-faint text-xs">{t('permissionHint')}</span>}>
      <ul className="-my-2 divide-y">
        {toolNames.map((tool) => (
          <li key={tool} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-2">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium text-sm">{t(`tools.${tool}.name`)}</p>
              <p className="text-faint text-xs">{t(`tools.${tool}.text`)}</p>
            </div>
            <PermissionChoice
              name={`tool-${tool}`}
              label={t(`tools.${tool}.name`)}
              value={form.tools[tool]}
              onChange={(permission) => change({ tools: { ...form.tools, [tool]: permission } })}
            />
          </li>
        ))}
      </ul>
    </FormSection>
  )
}

/** The hosts whose pages an agent may read. */
export function PagesSection({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  return (
    <FormSection title={t('sections.pages')}>
      <Field label={t('pages')} hint={t('pagesHint')} error={errorAt(errors, 'config.pages')}>
        {(control) => (
          <Textarea
            {...control}
            className="min-h-20 font-mono text-xs"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={'example.com\n*.example.org'}
            value={form.pages}
            onChange={({ target }) => change({ pages: target.value })}
          />
        )}
      </Field>
    </FormSection>
  )
}
