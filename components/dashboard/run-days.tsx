'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useDemoCost } from '@/components/ai/cost.tsx'
import { useMoney } from '@/components/ai/use-money.ts'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { Days } from '@/server/dashboard/schema.ts'

type Day = Days[number]
const outcomes = ['succeeded', 'failed', 'stopped'] as const
const colours = { succeeded: 'text-ok', failed: 'text-bad', stopped: 'text-idle' } as const
const totalOf = (day: Day) => outcomes.reduce((sum, outcome) => sum + day[outcome], 0)
/** The picture's measures, in its own units: a day's share of the width, and the height of the tallest. */
const [step, width, height] = [10, 8, 60]

/** Days are those of UTC, as the server counts them. */
function useDayName() {
  const format = useFormatter()
  return (day: string) => format.dateTime(new Date(`${day}T00:00:00Z`), { month: 'short', day: 'numeric', timeZone: 'UTC' })
}

/** One day's bar, its parts from the bottom up. */
function Bar({ day, at, most, title }: { day: Day; at: number; most: number; title: string }) {
  let top = height
  return (
    <g>
      <title>{title}</title>
      <rect x={at * step} y={0} width={step} height={height} fill="transparent" />
      {outcomes.map((outcome) => {
        if (day[outcome] === 0) return null
        const tall = (day[outcome] / most) * height
        top -= tall
        return (
          <rect
            key={outcome}
            x={at * step + 1}
            y={top}
            width={width}
            height={tall}
            rx={0.8}
            className={cn('fill-current', colours[outcome])}
          />
        )
      })}
    </g>
  )
}

/** The runs of each of the last thirty days as a bar, its parts how they ended; the same stands below as a table. */
export function RunDays({ days }: { days: Days }) {
  const t = useTranslations('dashboard.days')
  const format = useFormatter()
  const nameOf = useDayName()
  const most = Math.max(...days.map(totalOf))
  const all = days.reduce((sum, day) => sum + totalOf(day), 0)
  return (
    <Card>
      <CardHeader title={t('title')}>
        <span className="tabular text-faint text-xs">{t('caption', { count: all })}</span>
      </CardHeader>
      <figure className="px-4 pt-3 pb-3">
        <svg aria-hidden="true" viewBox={`0 0 ${days.length * step} ${height}`} preserveAspectRatio="none" className="h-28 w-full border-b">
          {days.map((day, at) => (
            <Bar key={day.day} day={day} at={at} most={Math.max(1, most)} title={t('day', { day: nameOf(day.day), count: totalOf(day) })} />
          ))}
        </svg>
        <div aria-hidden className="tabular mt-1 flex justify-between text-faint text-xs">
          <span>{days[0] && nameOf(days[0].day)}</span>
          <span>{most > 0 ? t('most', { count: format.number(most) }) : t('empty')}</span>
          <span>{days.at(-1) && nameOf(days.at(-1)?.day ?? '')}</span>
        </div>
        {all > 0 && (
          <figcaption className="mt-2 grid gap-2">
            <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
              {outcomes.map((outcome) => (
                <span key={outcome} className="inline-flex items-center gap-1.5">
                  <span aria-hidden className={cn('size-2 rounded-full bg-current', colours[outcome])} />
                  <span className="text-muted">{t(outcome)}</span>
                  <span className="tabular font-medium">{format.number(days.reduce((sum, day) => sum + day[outcome], 0))}</span>
                </span>
              ))}
            </div>
            <DayTable days={days} />
          </figcaption>
        )}
      </figure>
    </Card>
  )
}

function DayTable({ days }: { days: Days }) {
  const t = useTranslations('dashboard.days')
  const [format, nameOf, money] = [useFormatter(), useDayName(), useMoney()]
  const told = useDemoCost()
  const shown = days.filter((day) => totalOf(day) > 0).reverse()
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded text-muted text-xs hover:text-ink">{t('table')}</summary>
      {told && <p className="mt-2 text-faint text-xs">{told}</p>}
      <div className="mt-2 rounded-md border">
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('date')}</Th>
              {outcomes.map((outcome) => (
                <Th key={outcome} className="text-right">
                  {t(outcome)}
                </Th>
              ))}
              <Th className="text-right">{t('tokens')}</Th>
              <Th className="text-right">{t('cost')}</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((day) => (
              <Tr key={day.day}>
                <Td className="whitespace-nowrap">{nameOf(day.day)}</Td>
                {outcomes.map((outcome) => (
                  <Td key={outcome} className="tabular text-right">
                    {format.number(day[outcome])}
                  </Td>
                ))}
                <Td className="tabular text-right">{format.number(day.tokens)}</Td>
                <Td className="tabular text-right">{money(day.costMicros)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  )
}
