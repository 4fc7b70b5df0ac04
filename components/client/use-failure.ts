'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toast } from 'sonner'
import { failureOf } from './failure.ts'

type SaidKey = Parameters<ReturnType<typeof useTranslations<'said'>>>[0]

/** Turns a failure into a headline by its code and the server's sentence in the reader's language; the sentence is null where there is none. */
export function useFailureWords(): (error: unknown) => { title: string; text: string | null; field?: string } {
  const t = useTranslations('errors')
  const said = useTranslations('said')
  return useCallback(
    (error: unknown) => {
      const { code, message, key, values, field } = failureOf(error)
      const translated = key && said.has(key as SaidKey) ? said(key as SaidKey, values as never) : null
      return { title: t(code), text: translated ?? message, field }
    },
    [t, said],
  )
}

/** The one place in the browser where an error becomes words: a toast by its code, with the server's own sentence below. */
export function useFailureToast(): (error: unknown) => void {
  const words = useFailureWords()
  return useCallback(
    (error: unknown) => {
      const { title, text } = words(error)
      toast.error(title, text ? { description: text } : undefined)
    },
    [words],
  )
}
