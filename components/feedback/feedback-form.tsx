'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle, Send } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input, Textarea } from '@/components/ui/input.tsx'
import { feedbackLimits, feedbackPageSchema, feedbackTextSchema } from '@/server/feedback/schema.ts'
import { base64Of } from './picture.ts'
import { PictureField, usePictures } from './picture-field.tsx'
import type { FeedbackDraft } from './use-feedback-draft.ts'

type FieldName = 'text' | 'page' | 'screenshot'
type Errors = Partial<Record<FieldName, string>>

/** What speaks against sending it as it is. */
function useProblems() {
  const t = useTranslations('feedback')
  return ({ text, page }: FeedbackDraft): Errors => ({
    ...(text.trim() === '' ? { text: t('text.missing') } : {}),
    ...(text.trim() !== '' && !feedbackTextSchema.safeParse(text).success ? { text: t('text.tooLong', { max: feedbackLimits.text }) } : {}),
    ...(feedbackPageSchema.safeParse(page.trim()).success ? {} : { page: t('page.bad') }),
  })
}

function useSend(draft: FeedbackDraft, onSent: () => void, onRefused: (errors: Errors) => void) {
  const [client, queries] = [useTRPCClient(), useQueryClient()]
  const { feedback } = useTRPC()
  const [toast, words] = [useFailureToast(), useFailureWords()]
  return useMutation({
    meta: { silent: true },
    mutationFn: async () => {
      const screenshot = draft.picture ? await base64Of(draft.picture) : null
      return client.feedback.send.mutate({ requestId: draft.requestId(), text: draft.text, page: draft.page.trim(), screenshot })
    },
    onSuccess: () => {
      draft.forget()
      onSent()
      // An administrator may have the list before them.
      void queries.invalidateQueries({ queryKey: feedback.pathKey() })
    },
    onError: (error) => {
      const { field } = failureOf(error)
      const { text } = words(error)
      if (text && (field === 'text' || field === 'page' || field === 'screenshot')) onRefused({ [field]: text })
      else toast(error)
    },
  })
}

/** Words, the page, and a picture for those whom we know; what was typed stays until it was sent. */
export function FeedbackForm(props: {
  draft: FeedbackDraft
  signedIn: boolean
  onSent: () => void
  onCapture?: (capturing: boolean) => void
}) {
  const t = useTranslations('feedback')
  const { draft, signedIn } = props
  const [errors, setErrors] = useState<Errors>({})
  const alive = useAlive()
  const problemsOf = useProblems()
  const send = useSend(draft, props.onSent, setErrors)
  const change = (part: Parameters<FeedbackDraft['change']>[0]) => {
    setErrors({})
    draft.change(part)
  }
  const pictures = usePictures((picture) => change({ picture }))
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (send.isPending || pictures.busy) return
    const problems = problemsOf(draft)
    setErrors(problems)
    if (Object.keys(problems).length === 0) return send.mutate()
    const form = event.currentTarget
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <form noValidate onSubmit={submit} onPaste={signedIn ? pictures.onPaste : undefined} className="grid grid-cols-1 gap-4">
      <Words draft={draft} errors={errors} onChange={change} />
      {signedIn ? (
        <PictureField
          picture={draft.picture}
          pictures={pictures}
          error={errors.screenshot ?? null}
          onRemove={() => change({ picture: null })}
          onCapture={props.onCapture ?? (() => undefined)}
        />
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56 text-faint text-xs">{t(signedIn ? 'who' : 'nobody')}</p>
        <Button type="submit" variant="primary" disabled={!alive || send.isPending || pictures.busy} className="max-sm:w-full">
          {send.isPending ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Send aria-hidden />}
          {send.isPending ? t('sending') : t('send')}
        </Button>
      </div>
    </form>
  )
}

function Words({ draft, errors, onChange }: { draft: FeedbackDraft; errors: Errors; onChange: FeedbackDraft['change'] }) {
  const t = useTranslations('feedback')
  return (
    <>
      <Field
        label={t('text.label')}
        error={errors.text ?? null}
        aside={t('text.count', { used: draft.text.length, max: feedbackLimits.text })}
      >
        {(control) => (
          <Textarea
            {...control}
            required
            placeholder={t('text.placeholder')}
            value={draft.text}
            onChange={({ target }) => onChange({ text: target.value })}
          />
        )}
      </Field>
      <Field label={t('page.label')} hint={t('page.hint')} error={errors.page ?? null}>
        {(control) => (
          <Input
            {...control}
            required
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
            value={draft.page}
            onChange={({ target }) => onChange({ page: target.value })}
          />
        )}
      </Field>
    </>
  )
}
