'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field.tsx'
import { Input, Select, Textarea } from '@/components/ui/input.tsx'
import { agentLimits } from '@/server/agents/schema.ts'
import { FormSection } from './section.tsx'
import { errorAt, type SectionProps } from './use-form.ts'

const statuses = ['draft', 'active', 'paused'] as const

/** What an agent is called, and what it is for. */
export function BasicsSection({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const states = useTranslations('agents.status')
  const format = useFormatter()
  return (
    <FormSection title={t('sections.basics')}>
      <div className="grid grid-cols-1 items-start gap-5 sm:grid-cols-[1fr_9rem]">
        <Field label={t('name')} error={errorAt(errors, 'name')}>
          {(control) => (
            <Input {...control} value={form.name} maxLength={agentLimits.name} onChange={({ target }) => change({ name: target.value })} />
          )}
        </Field>
        <Field label={t('avatar')} hint={t('avatarHint')} error={errorAt(errors, 'avatar')}>
          {(control) => (
            <Input {...control} value={form.avatar} maxLength={8} onChange={({ target }) => change({ avatar: target.value })} />
          )}
        </Field>
      </div>
      <Field
        label={t('description')}
        hint={t('descriptionHint')}
        error={errorAt(errors, 'description')}
        aside={`${format.number(form.description.length)} / ${format.number(agentLimits.description)}`}
      >
        {(control) => (
          <Textarea
            {...control}
            className="min-h-16"
            rows={2}
            value={form.description}
            maxLength={agentLimits.description}
            onChange={({ target }) => change({ description: target.value.replace(/\s*\n\s*/g, ' ') })}
          />
        )}
      </Field>
      <div className="grid grid-cols-1 items-start gap-5 sm:grid-cols-[1fr_9rem]">
        <Field label={t('tags')} hint={t('tagsHint', { most: agentLimits.tags })} error={errorAt(errors, 'tags')}>
          {(control) => <Input {...control} value={form.tags} maxLength={400} onChange={({ target }) => change({ tags: target.value })} />}
        </Field>
        <Field label={t('status')} error={errorAt(errors, 'status')}>
          {(control) => (
            <Select
              {...control}
              className="h-9 w-full"
              title={t('statusHint')}
              value={form.status}
              onChange={({ target }) => change({ status: statuses.find((one) => one === target.value) ?? 'draft' })}
            >
              {statuses.map((status) => (
                <option key={status} value={status}>
                  {states(status)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </FormSection>
  )
}

/** What an agent is told. */
export function InstructionsSection({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const format = useFormatter()
  return (
    <FormSection title={t('sections.instructions')}>
      <Field
        label={t('instructions')}
        hint={t('instructionsHint')}
        error={errorAt(errors, 'config.instructions')}
        aside={`${format.number(form.instructions.length)} / ${format.number(agentLimits.instructions)}`}
      >
        {(control) => (
          <Textarea
            {...control}
            className="field-sizing-content max-h-[60vh] min-h-56 font-mono text-xs"
            value={form.instructions}
            onChange={({ target }) => change({ instructions: target.value })}
          />
        )}
      </Field>
    </FormSection>
  )
}
