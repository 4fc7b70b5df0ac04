'use client'

import { useQuery } from '@tanstack/react-query'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { type ModelName, models } from '@/server/models/schema.ts'
import { useAmounts } from './money.ts'

/** From here on it is said how much is left. */
const low = 0.2

/** How much of its context the last answer's model has used. */
export function ContextMeter({ used, model }: { used: number; model: string | null }) {
  const t = useTranslations('composer')
  const amounts = useAmounts()
  const all = model && model in models ? models[model as ModelName].contextTokens : null
  if (!all || used === 0) return null
  const share = used / all
  const words = t('context', { used: amounts.tokens(used), all: amounts.tokens(all) })
  return (
    <span className="flex min-w-0 items-center gap-2 sm:shrink-0" title={words}>
      <span className="w-12 shrink-0 sm:w-16">
        <Progress value={share} label={words} tone={share > 0.9 ? 'bad' : share > 0.7 ? 'warn' : 'accent'} />
      </span>
      {/* A finger cannot rest on it to read the words. */}
      <span aria-hidden className="tabular truncate sm:hidden">
        {t('contextShort', { used: amounts.tokens(used), all: amounts.tokens(all) })}
      </span>
    </span>
  )
}

/** What is left of today's tokens, in a few words. */
export function QuotaLeft() {
  const t = useTranslations('composer')
  const trpc = useTRPC()
  const amounts = useAmounts()
  const { data } = useQuery(trpc.chats.quota.queryOptions())
  if (!data) return null
  const left = Math.max(0, data.tokens.limit - data.tokens.used)
  return <span className="tabular whitespace-nowrap max-sm:hidden">{t('quotaLeft', { left: amounts.tokens(left) })}</span>
}

/** Says it before a limit bites, and when it does. */
export function QuotaNote() {
  const t = useTranslations('composer')
  const trpc = useTRPC()
  const format = useFormatter()
  const now = useNow({ updateInterval: 60_000 })
  const amounts = useAmounts()
  const { data } = useQuery(trpc.chats.quota.queryOptions())
  if (!data) return null
  const { tokens, diskBytes, resetsAt } = data
  const left = Math.max(0, tokens.limit - tokens.used)
  const disk = Math.max(0, diskBytes.limit - diskBytes.used)
  const when = format.relativeTime(new Date(resetsAt), now)
  if (left === 0) return <Banner tone="bad">{t('quotaGone', { when })}</Banner>
  if (left < tokens.limit * low)
    return <Banner tone="warn">{t('quotaLow', { left: amounts.tokens(left), limit: amounts.tokens(tokens.limit), when })}</Banner>
  if (disk < diskBytes.limit * low)
    return <Banner tone="warn">{t('diskLow', { left: amounts.bytes(disk), limit: amounts.bytes(diskBytes.limit) })}</Banner>
  return null
}
