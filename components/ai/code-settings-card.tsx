'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Select, Textarea } from '@/components/ui/input.tsx'
import { type AiSettings, denyPathLimits, denyPathWildcards, severities, severitySchema } from '@/server/ai/schema.ts'
import { type Draft, draftOf, isChanged, patternsOf, problemOf, settingsOf } from './code-settings-draft.ts'
import { AlwaysDenied, TryPath } from './code-settings-paths.tsx'

type Change = (part: Partial<Draft>) => void

/** Whether released code is reviewed, and which finding keeps it from being deployed. */
function ReviewFields({ draft, onChange }: { draft: Draft; onChange: Change }) {
  const t = useTranslations('codeSettings')
  const id = useId()
  return (
    <>
      <div className="grid gap-1">
        <label htmlFor={id} className="flex w-fit items-center gap-2.5 font-medium text-sm">
          <input
            id={id}
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={draft.review}
            aria-describedby={`${id}-hint`}
            onChange={({ target }) => onChange({ review: target.checked })}
          />
          {t('review.label')}
        </label>
        <p id={`${id}-hint`} className="pl-6.5 text-faint text-xs">
          {t('review.hint')}
        </p>
      </div>
      <Field label={t('stop.label')} hint={t(draft.review ? 'stop.hint' : 'stop.off')}>
        {(control) => (
          <Select
            {...control}
            className="h-9 justify-self-start"
            disabled={!draft.review}
            value={draft.stopAt ?? 'none'}
            onChange={({ target }) => onChange({ stopAt: severitySchema.nullable().catch(null).parse(target.value) })}
          >
            <option value="none">{t('stop.none')}</option>
            {severities.map((severity) => (
              <option key={severity} value={severity}>
                {t(`stop.${severity}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}

/** What is wrong with the patterns, in words. */
function useProblem(text: string): string | null {
  const t = useTranslations('codeSettings.deny')
  const found = problemOf(text)
  if (!found) return null
  if (found.problem === 'many') return t('many', { most: denyPathLimits.patterns })
  return t('line', { line: found.line, problem: t(found.problem, { most: denyPathLimits.length, ...denyPathWildcards }) })
}

function DenyField({ text, error, onChange }: { text: string; error: string | null; onChange: (text: string) => void }) {
  const t = useTranslations('codeSettings.deny')
  const count = patternsOf(text).length
  return (
    <Field label={t('label')} hint={t('hint')} error={error} aside={t('count', { count, most: denyPathLimits.patterns })}>
      {(control) => (
        <Textarea
          {...control}
          className="font-mono"
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          placeholder={'*.csv\nprivate/\nconfig/secrets.yml'}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  )
}

function useSave(service: string, onRefused: (words: string) => void) {
  const t = useTranslations('codeSettings')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const words = useFailureWords()
  const showFailure = useFailureToast()
  return useMutation(
    trpc.ai.changeSettings.mutationOptions({
      meta: { silent: true },
      onSuccess: (stored) => {
        toast.success(t('saved'))
        queries.setQueryData(trpc.ai.settings.queryKey({ service }), stored)
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (field?.startsWith('denyPaths')) onRefused(text ?? title)
        else showFailure(error)
      },
    }),
  )
}

function CodeSettingsForm({ service, stored }: { service: string; stored: AiSettings }) {
  const t = useTranslations('codeSettings')
  const alive = useAlive()
  const [draft, setDraft] = useState(draftOf(stored))
  const [refused, setRefused] = useState<string | null>(null)
  const save = useSave(service, setRefused)
  const problem = useProblem(draft.text)
  const changed = isChanged(draft, stored)
  const change: Change = (part) => {
    setDraft({ ...draft, ...part })
    if (part.text !== undefined) setRefused(null)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!problem && changed) save.mutate({ service, ...settingsOf(draft) })
  }
  return (
    <form noValidate onSubmit={submit} className="grid gap-5">
      <ReviewFields draft={draft} onChange={change} />
      <DenyField text={draft.text} error={problem ?? refused} onChange={(text) => change({ text })} />
      <AlwaysDenied />
      <TryPath service={service} denyPaths={problem ? null : patternsOf(draft.text)} />
      <p className="text-muted text-sm">{t('secrets')}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={!changed || Boolean(problem) || save.isPending || !alive}>
          {save.isPending ? t('saving') : t('save')}
        </Button>
        {changed && <span className="text-faint text-xs">{t('unsaved')}</span>}
      </div>
    </form>
  )
}

/** What of a project a model gets to see, and what a review before a deployment may stop. */
export function CodeSettingsCard({ service }: { service: string }) {
  const t = useTranslations('codeSettings')
  const { data: stored } = useQuery(useTRPC().ai.settings.queryOptions({ service }))
  if (!stored) return null
  return (
    <Card id="code">
      <CardHeader title={t('title')} />
      <CardBody className="grid gap-5">
        <p className="text-muted">{t('lead')}</p>
        <CodeSettingsForm service={service} stored={stored} />
      </CardBody>
    </Card>
  )
}
