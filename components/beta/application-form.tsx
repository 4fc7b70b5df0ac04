'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle, Send } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { type FormEvent, useRef, useState } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import type { Mine } from '@/server/beta/schema.ts'
import { type ApplicationField, firstDraft, type Problem, problemsOf, problemValues } from './application-draft.ts'
import { ApplicationFields } from './application-fields.tsx'
import { useDraft } from './use-draft.ts'

const fields: readonly string[] = ['name', 'company', 'purpose', 'teamSize', 'consent'] satisfies ApplicationField[]

/** Sends the application; what comes back takes the form's place. */
function useApply(onSent: () => void, onRefused: (field: ApplicationField, words: string) => void) {
  const mine = useTRPC().beta.mine
  const queries = useQueryClient()
  const [words, toast] = [useFailureWords(), useFailureToast()]
  return useMutation(
    useTRPC().beta.submit.mutationOptions({
      meta: { silent: true },
      onSuccess: (standing) => {
        onSent()
        queries.setQueryData(mine.queryKey(), standing)
      },
      onError: (error) => {
        const { field, code } = failureOf(error)
        const { text } = words(error)
        if (field && text && fields.includes(field)) onRefused(field as ApplicationField, text)
        else toast(error)
        // Somebody has decided meanwhile: the page shows what.
        if (code === 'CONFLICT') void queries.invalidateQueries({ queryKey: mine.queryKey() })
      },
    }),
  )
}

/** The application: what is wrong stands beside its field, and nothing that was typed is lost. */
export function ApplicationForm(props: { name: string; email: string; mine: Mine; betaOpen: boolean }) {
  const t = useTranslations('beta.form')
  const alive = useAlive()
  const locale = useLocale()
  const { draft, change, forget } = useDraft(firstDraft(props.name, props.mine), props.email)
  const [errors, setErrors] = useState<Partial<Record<ApplicationField, string>>>({})
  const form = useRef<HTMLFormElement>(null)
  const apply = useApply(forget, (field, words) => setErrors((before) => ({ ...before, [field]: words })))
  const busy = apply.isPending || apply.isSuccess
  const told = (field: ApplicationField, problem: Problem) =>
    t(`problems.${field}.${problem}` as 'problems.name.tooLong', problemValues[field] as never)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const problems = Object.entries(problemsOf(draft)) as [ApplicationField, Problem][]
    setErrors(Object.fromEntries(problems.map(([field, problem]) => [field, told(field, problem)])))
    if (problems.length === 0 && draft.teamSize) apply.mutate({ ...draft, teamSize: draft.teamSize, consent: true, locale })
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid gap-5">
      <p className="text-muted [overflow-wrap:anywhere]">{t('signedIn', { email: props.email })}</p>
      <ApplicationFields
        draft={draft}
        errors={errors}
        onChange={(part) => {
          change(part)
          const changed = Object.keys(part)
          setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !changed.includes(field))))
        }}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-xs text-faint text-xs">{t(props.betaOpen ? 'openAfter' : 'after')}</p>
        <Button type="submit" variant="primary" size="lg" className="text-sm max-sm:w-full" disabled={busy || !alive}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Send aria-hidden />}
          {t(busy ? 'sending' : 'send')}
        </Button>
      </div>
    </form>
  )
}
