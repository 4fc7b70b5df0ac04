'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toast } from 'sonner'
import { failureOf } from './failure.ts'

/** The one place in the browser where an error becomes words: a toast by its code, with the server's own sentence below. */
export function useFailureToast(): (error: unknown) => void {
  const t = useTranslations('errors')
  return useCallback(
    (error: unknown) => {
      const { code, message } = failureOf(error)
      toast.error(t(code), message ? { description: message } : undefined)
    },
    [t],
  )
}
