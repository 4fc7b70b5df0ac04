'use client'

import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import type { LedgerCall } from '@/server/ai/schema.ts'
import { useFailureOf } from './use-names.ts'

const looks = {
  open: { tone: 'run', icon: LoaderCircle, spin: 'motion-safe:animate-spin' },
  ok: { tone: 'ok', icon: CircleCheck, spin: '' },
  failed: { tone: 'bad', icon: CircleAlert, spin: '' },
} as const

/** How a sending came out; why it failed stands in its title, and in words in its details. */
export function OutcomeBadge({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger.outcomes')
  const failureOf = useFailureOf()
  const { tone, icon: Icon, spin } = looks[call.outcome]
  return (
    <Badge tone={tone} title={call.outcome === 'failed' ? failureOf(call) : undefined}>
      <Icon aria-hidden className={spin} />
      <span className="max-sm:sr-only">{t(call.outcome)}</span>
    </Badge>
  )
}
