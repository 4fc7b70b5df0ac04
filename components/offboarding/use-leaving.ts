'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import type { Answer, DeletionPreview } from '@/server/offboarding/schema.ts'
import type { Chosen } from './project-answers.tsx'

/** The field of the address; no service is called so. */
export const confirmField = '@confirm'
/** Where the goodbye is said. */
const farewell = '/?goodbye'
const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

/** Forgets the browser's cookie, whose session is gone; where even that fails, the page is left all the same. */
const leave = () =>
  signOut({ callbackUrl: farewell }).catch(() => {
    window.location.href = farewell
  })

/** What a person answers before their account is deleted, what is missing in it, and its way to the server. */
export function useLeaving(preview: DeletionPreview | undefined) {
  const t = useTranslations('offboarding.account')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  const [chosen, setChosen] = useState<Chosen>({})
  const [typed, setTyped] = useState('')
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})
  const projects = preview?.projects ?? []
  const remove = useMutation(
    trpc.offboarding.deleteAccount.mutationOptions({
      meta: { silent: true },
      onSuccess: leave,
      onError: (error) => {
        const { field, title, text } = words(error)
        const place = field === 'confirm' ? confirmField : field?.replace(/^projects\./, '')
        if (place && [confirmField, ...projects.map(({ service }) => service)].includes(place)) setErrors({ [place]: text ?? title })
        else showFailure(error)
        // Somebody may have changed who owns what meanwhile.
        void queries.invalidateQueries({ queryKey: trpc.offboarding.preview.queryKey() })
      },
    }),
  )
  /** The answers, or null where something is missing; then it stands beside its field. */
  const check = (): Answer[] | null => {
    const missing = projects.filter(({ service }) => !chosen[service]).map(({ service }) => [service, t('missing')])
    const confirmed = same(typed, preview?.email ?? '')
    const wrong = [...missing, ...(confirmed ? [] : [[confirmField, t('confirmProblem')]])]
    setErrors(Object.fromEntries(wrong))
    return wrong.length > 0 ? null : projects.flatMap(({ service }) => chosen[service] ?? [])
  }
  const forget = (name: string) => setErrors(({ [name]: _, ...rest }) => rest)
  return {
    chosen,
    typed,
    errors,
    check,
    choose: (service: string, answer?: Answer) => {
      setChosen((before) => ({ ...before, [service]: answer }))
      forget(service)
    },
    type: (text: string) => {
      setTyped(text)
      forget(confirmField)
    },
    send: (answers: Answer[]) => remove.mutate({ confirm: typed, projects: answers }),
    busy: remove.isPending || remove.isSuccess,
  }
}
