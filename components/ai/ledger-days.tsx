'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import { type LedgerTotals, ledgerDays } from '@/server/ai/schema.ts'
import { useMoney } from './use-money.ts'

type Day = LedgerTotals['days'][number]
type Of = 'cost' | 'bytes'

const dayMs = 24 * 3_600_000
/** Fewer days would be drawn as boards. */
const leastDays = 14

/** Every day from the first to the last on which something was sent, those between them too; the last ones where they are too many. */
export function daysBetween(days: Day[]): Day[] {
  const last = days.at(-1)
  if (!last) return []
  const end = Date.parse(last.day)
  const first = Date.parse(days[0]?.day ?? last.day)
  const count = Math.min(ledgerDays, Math.max(leastDays, Math.round((end - first) / dayMs) + 1))
  const known = new Map(days.map((day) => [day.day, day]))
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(end - (count - 1 - index) * dayMs).toISOString().slice(0, 10)
    return known.get(day) ?? { day, calls: 0, bytes: 0, costMicros: 0, demoMicros: 0 }
  })
}

/** Days are those of UTC, as the server counts them. */
function useDayName() {
  const format = useFormatter()
  return (day: string) => format.dateTime(new Date(`${day}T00:00:00Z`), { month: 'short', day: 'numeric', timeZone: 'UTC' })
}

const amountOf = (day: Day, of: Of) => (of === 'cost' ? day.costMicros + day.demoMicros : day.bytes)

function Amount({ day, of }: { day: Day; of: Of }): ReactNode {
  const t = useTranslations('ledger.days')
  const money = useMoney()
  if (of === 'bytes') return <ByteSize bytes={day.bytes} />
  const demo = day.demoMicros > 0 && t('demo', { amount: money(day.demoMicros) })
  return (
    <>
      {(day.costMicros > 0 || !demo) && money(day.costMicros)} {demo}
    </>
  )
}

function Bar({ day, of, most }: { day: Day; of: Of; most: number }) {
  const nameOf = useDayName()
  const paid = of === 'bytes' ? day.bytes : day.costMicros
  const demo = of === 'bytes' ? 0 : day.demoMicros
  const height = (value: number) => `${(value / most) * 100}%`
  const hint = (
    <span className="tabular">
      {nameOf(day.day)} · <Amount day={day} of={of} />
    </span>
  )
  return (
    <Tooltip text={hint}>
      <div className="flex h-full min-w-0 flex-1 flex-col justify-end overflow-hidden rounded-t-sm hover:bg-sunken">
        {demo > 0 && <span className="min-h-0.5 bg-idle/50" style={{ height: height(demo) }} />}
        {paid > 0 && <span className="min-h-0.5 bg-accent" style={{ height: height(paid) }} />}
      </div>
    </Tooltip>
  )
}

/** What each day cost, or sent, as a small picture; a screen reader is read the days themselves. */
export function LedgerDays({ of, days }: { of: Of; days: Day[] }) {
  const t = useTranslations('ledger.days')
  const nameOf = useDayName()
  const shown = daysBetween(days)
  const [first, last] = [shown[0], shown.at(-1)]
  if (!first || !last) return null
  const top = shown.reduce((most, day) => (amountOf(day, of) > amountOf(most, of) ? day : most))
  const most = Math.max(1, amountOf(top, of))
  return (
    <figure className="flex min-w-0 flex-col">
      <figcaption className="mb-1.5 flex flex-wrap justify-between gap-x-2 text-faint text-xs">
        {t(of)}
        <span>{t('caption', { count: shown.length })}</span>
      </figcaption>
      <div aria-hidden className="flex h-full min-h-14 flex-1 items-end gap-px border-b">
        {shown.map((day) => (
          <Bar key={day.day} day={day} of={of} most={most} />
        ))}
      </div>
      <div aria-hidden className="tabular mt-1 flex justify-between gap-2 text-faint text-xs">
        <span>{nameOf(first.day)}</span>
        <span>{nameOf(last.day)}</span>
      </div>
      <ul className="sr-only">
        {days.slice(-shown.length).map((day) => (
          <li key={day.day}>
            {nameOf(day.day)} <Amount day={day} of={of} />
          </li>
        ))}
      </ul>
    </figure>
  )
}
