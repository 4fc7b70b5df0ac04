'use client'

import { useQuery } from '@tanstack/react-query'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { Progress } from '@/components/ui/progress.tsx'

const scarce = 0.8
const toneOf = (share: number) => (share >= 1 ? 'bad' : share >= scarce ? 'warn' : 'accent')

function Meter({ label, used, limit, words }: { label: string; used: number; limit: number; words: (amount: number) => string }) {
  const t = useTranslations('quota')
  const share = limit === 0 ? 1 : used / limit
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <span>{label}</span>
        <span className="tabular text-muted text-xs">{t('of', { used: words(used), limit: words(limit) })}</span>
      </div>
      <Progress value={share} label={label} tone={toneOf(share)} />
    </div>
  )
}

/** What a person has used of what they may: tokens of the day, conversations at work, files. */
export function QuotaMeter() {
  const t = useTranslations('quota')
  const format = useFormatter()
  const now = useNow({ updateInterval: 60_000 })
  const { data, isError, refetch } = useQuery(useTRPC().chats.quota.queryOptions())
  useReadAgain(['ended'], () => refetch())
  if (!data) return <p className="text-muted text-sm">{isError && t('failed')}</p>
  const count = (amount: number) => format.number(amount, { notation: 'compact', maximumFractionDigits: 1 })
  const megabytes = (bytes: number) => format.number(bytes / 1_048_576, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })
  return (
    <div className="grid gap-3">
      <Meter label={t('tokens')} {...data.tokens} words={count} />
      <Meter label={t('sessions')} {...data.sessions} words={count} />
      <Meter label={t('disk')} {...data.diskBytes} words={megabytes} />
      <p className="text-faint text-xs">{t('resets', { when: format.relativeTime(new Date(data.resetsAt), now) })}</p>
    </div>
  )
}
