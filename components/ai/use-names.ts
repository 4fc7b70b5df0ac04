'use client'

import { useTranslations } from 'next-intl'
import { softwareRoles } from '@/server/crews/schema.ts'

/** What a purpose is called; one that is no role keeps the word that the sender gave it. */
export function usePurposeName(): (purpose: string) => string {
  const t = useTranslations('roles.names')
  return (purpose) => {
    const role = softwareRoles.find((known) => known === purpose)
    return role ? t(role) : purpose
  }
}

type Said = Parameters<ReturnType<typeof useTranslations<'ledger.failure'>>>[0]
const byStatus = (status: number) => {
  if (status === 401 || status === 403) return 's401'
  if (status === 402 || status === 413 || status === 429 || status === 529) return `s${status}` as const
  return status >= 500 ? 's500' : 's400'
}

/** Why a sending has no good answer, in words. */
export function useFailureOf(): (call: { status: number; failure: string | null }) => string {
  const t = useTranslations('ledger.failure')
  return ({ status, failure }) => {
    if (failure !== null)
      return t.has(failure as Said) ? t(failure as Exclude<Said, 'other'>, { status, word: failure }) : t('other', { word: failure })
    return t(byStatus(status), { status })
  }
}
