'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { InvitationView } from '@/server/members/schema.ts'

const strong = (chunks: ReactNode) => <bdi className="font-semibold text-ink [overflow-wrap:anywhere]">{chunks}</bdi>

/** Who invites to what, and as what. */
export function InvitationOffer({ view }: { view: Extract<InvitationView, { state: 'open' | 'sign-in' }> }) {
  const t = useTranslations('invitation')
  const { inviter, service, title, role } = view
  return (
    <div className="grid gap-2 text-muted">
      <p>{inviter ? t.rich('from', { b: strong, inviter, service }) : t.rich('fromNobody', { b: strong, service })}</p>
      <p className="border-l-2 pl-3">
        <bdi className="[overflow-wrap:anywhere]">{title}</bdi>
      </p>
      <p>{t('role', { role })}</p>
    </div>
  )
}
