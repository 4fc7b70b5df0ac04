'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Card } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import type { LedgerTotals as Totals } from '@/server/ai/schema.ts'
import { LedgerDays } from './ledger-days.tsx'
import { useMoney } from './use-money.ts'

function Sum({ name, value, children }: { name: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="tabular font-semibold text-lg tracking-tight">{value}</dd>
      {children && <dd className="tabular text-muted text-xs">{children}</dd>}
    </div>
  )
}

/** The sums of what the filters find, and its course over the days. */
export function LedgerTotals({ totals, busy }: { totals: Totals; busy: boolean }) {
  const t = useTranslations('ledger.totals')
  const format = useFormatter()
  const money = useMoney()
  const { calls, open, failed, inputTokens, outputTokens, costMicros, demoMicros } = totals
  return (
    <Card
      aria-label={t('label')}
      aria-busy={busy}
      className={cn('mb-4 grid gap-x-6 gap-y-4 px-4 py-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]')}
    >
      <dl className="grid grid-cols-2 content-start gap-x-6 gap-y-3 sm:grid-cols-3">
        <Sum name={t('calls')} value={format.number(calls)}>
          {t('callsMore', { open, failed: format.number(failed) })}
        </Sum>
        <Sum name={t('bytes')} value={<ByteSize bytes={totals.bytes} />}>
          {t('files', { count: totals.files })}
        </Sum>
        <Sum name={t('tokens')} value={format.number(inputTokens + outputTokens, { notation: 'compact', maximumFractionDigits: 1 })}>
          {t('tokensMore', { input: format.number(inputTokens), output: format.number(outputTokens) })}
        </Sum>
        <Sum name={t('cost')} value={money(costMicros)}>
          {demoMicros > 0 && t('demo', { amount: money(demoMicros) })}
        </Sum>
        <Sum name={t('secrets')} value={format.number(totals.redactions)}>
          {t('withheld', { count: totals.withheld })}
        </Sum>
      </dl>
      <LedgerDays of="cost" days={totals.days} />
      <LedgerDays of="bytes" days={totals.days} />
    </Card>
  )
}
