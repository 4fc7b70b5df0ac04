'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field.tsx'
import { Input, Textarea } from '@/components/ui/input.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import { issueLimits } from '@/server/projects/schema.ts'
import { bytesOf, type Draft, type DraftField, type SourceType } from './draft.ts'
import { FileDrop } from './file-drop.tsx'

export type FieldErrors = Partial<Record<DraftField, string>>
interface Props {
  draft: Draft
  errors: FieldErrors
  onChange: (change: Partial<Draft>) => void
  onFileTooLarge: () => void
}

function TextFields({ draft, errors, onChange }: Props) {
  const t = useTranslations('newProject')
  const format = useFormatter()
  const kilobytes = (bytes: number) => format.number(bytes / 1024, { maximumFractionDigits: 1 })
  return (
    <div className="grid gap-4">
      <Field
        label={t('title.label')}
        error={errors.title}
        aside={t('title.count', { used: draft.title.trim().length, max: issueLimits.titleMax })}
      >
        {(control) => (
          <Input
            {...control}
            value={draft.title}
            placeholder={t('title.placeholder')}
            onChange={({ target }) => onChange({ title: target.value })}
          />
        )}
      </Field>
      <Field
        label={t('body.label')}
        error={errors.body}
        hint={t('body.hint')}
        aside={t('body.count', { used: kilobytes(bytesOf(draft.body)), max: kilobytes(issueLimits.bodyMaxBytes) })}
      >
        {(control) => (
          <Textarea
            {...control}
            className="max-h-[60dvh] min-h-64 font-mono text-xs"
            value={draft.body}
            placeholder={t('body.placeholder')}
            onChange={({ target }) => onChange({ body: target.value })}
          />
        )}
      </Field>
    </div>
  )
}

/** The three ways an issue comes in. */
export function SourceFields(props: Props) {
  const t = useTranslations('newProject')
  const { draft, errors, onChange } = props
  return (
    <Tabs value={draft.type} onValueChange={(type) => onChange({ type: type as SourceType })}>
      <TabsList aria-label={t('source')}>
        {(['text', 'url', 'file'] as const).map((type) => (
          <Tab key={type} value={type}>
            {t(`sources.${type}`)}
          </Tab>
        ))}
      </TabsList>
      <TabPanel value="text">
        <TextFields {...props} />
      </TabPanel>
      <TabPanel value="url">
        <Field label={t('url.label')} error={errors.url} hint={t('url.hint')}>
          {(control) => (
            <Input
              {...control}
              type="url"
              inputMode="url"
              value={draft.url}
              placeholder={t('url.placeholder')}
              onChange={({ target }) => onChange({ url: target.value })}
            />
          )}
        </Field>
      </TabPanel>
      <TabPanel value="file">
        <Field label={t('file.label')} error={errors.file} hint={t('file.hint')}>
          {(control) => (
            <FileDrop control={control} file={draft.file} onFile={(file) => onChange({ file })} onTooLarge={props.onFileTooLarge} />
          )}
        </Field>
      </TabPanel>
    </Tabs>
  )
}
