'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Field } from '@/components/ui/field.tsx'
import { Select } from '@/components/ui/input.tsx'
import { sharings } from '@/server/agents/schema.ts'
import { FormSection } from './section.tsx'
import { errorAt, type SectionProps } from './use-form.ts'

function ProjectField({ form, errors, change }: SectionProps) {
  const t = useTranslations('agentForm')
  const { data } = useQuery(useTRPC().builds.jobs.queryOptions())
  const known = (data ?? []).map(({ service }) => service)
  const offered = form.service && !known.includes(form.service) ? [form.service, ...known] : known
  return (
    <Field label={t('project')} error={errorAt(errors, 'service')} hint={data && offered.length === 0 ? t('noProjects') : undefined}>
      {(control) => (
        <Select {...control} className="h-9 w-full" value={form.service} onChange={({ target }) => change({ service: target.value })}>
          <option value="">{t('chooseProject')}</option>
          {offered.map((service) => (
            <option key={service} value={service}>
              {service}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** Who besides its owner may use an agent. */
export function SharingSection(props: SectionProps) {
  const { form, errors, change } = props
  const t = useTranslations('agentForm')
  return (
    <FormSection title={t('sections.sharing')}>
      <div className="grid grid-cols-1 items-start gap-5 sm:grid-cols-2">
        <Field label={t('sharing')} hint={t('sharingHint')} error={errorAt(errors, 'sharing')}>
          {(control) => (
            <Select
              {...control}
              className="h-9 w-full"
              value={form.sharing}
              onChange={({ target }) => change({ sharing: sharings.find((one) => one === target.value) ?? 'private' })}
            >
              {sharings.map((sharing) => (
                <option key={sharing} value={sharing}>
                  {t(`sharings.${sharing}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {form.sharing === 'project' && <ProjectField {...props} />}
      </div>
    </FormSection>
  )
}
