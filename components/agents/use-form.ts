'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { checked, type FormDraft, type Problem, sameForm } from './form-draft.ts'

/** The words of what is wrong, by field. */
export type FormErrors = Record<string, string>

/** What stands in a form, what is wrong with it, and whether it differs from what is stored. */
export function useAgentForm(start: FormDraft) {
  const t = useTranslations('agentForm.problems')
  const [base, setBase] = useState(start)
  const [form, setForm] = useState(start)
  const [errors, setErrors] = useState<FormErrors>({})
  const wordsOf = ({ problem, values }: Problem) => t(problem as 'modelTooMany', { most: 0, least: 0, line: 0, ...values })
  return {
    form,
    errors,
    dirty: !sameForm(form, base),
    change(part: Partial<FormDraft>) {
      setForm((before) => ({ ...before, ...part }))
      // What was said of what stands there no more helps nobody.
      setErrors({})
    },
    refuse: (field: string, words: string) => setErrors((before) => ({ ...before, [field]: words })),
    /** What may be sent; null where something is wrong, which is then said beside its field. */
    check() {
      const { draft, problems } = checked(form)
      setErrors(Object.fromEntries([...problems].reverse().map((problem) => [problem.field, wordsOf(problem)])))
      return draft
    },
    /** What is stored now: the form shows it, unless something was typed since it was sent. */
    reset(stored: FormDraft, sent?: FormDraft) {
      setBase(stored)
      setForm((now) => (sent && !sameForm(now, sent) ? now : stored))
      setErrors({})
    },
    discard() {
      setForm(base)
      setErrors({})
    },
  }
}
export type AgentForm = ReturnType<typeof useAgentForm>

/** What a section of the form gets: the fields, how to change them, and what is wrong. */
export interface SectionProps {
  /** The stored agent whose form it is; null for one that is not there yet. */
  agentId: string | null
  form: FormDraft
  errors: FormErrors
  change: AgentForm['change']
}

/** What is wrong with a field, or with one of the entries it holds. */
export const errorAt = (errors: FormErrors, field: string): string | null =>
  errors[field] ?? Object.entries(errors).find(([name]) => name.startsWith(`${field}.`))?.[1] ?? null
