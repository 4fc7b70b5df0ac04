'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import { type DayOutcome, dayOutcomes, type Overview } from '@/server/administration/schema.ts'

type Day = Overview['days'][number]

const colours: Record<DayOutcome, string> = {
  success: 'text-ok',
  unstable: 'text-warn',
  failure: 'text-bad',
  aborted: 'text-idle',
  open: 'text-run',
}
const totalOf = (day: Day) => dayOutcomes.reduce((sum, outcome) => sum + day[outcome], 0)
/** What is worth showing of the legend: what happened at all. */
const happened = (days: Day[]) => dayOutcomes.filter((outcome) => days.some((day) => day[outcome] > 0))

/** The builds of each day as a bar, its parts their results; a screen reader is read the same as a table. */
export function BuildDays({ days }: { days: Day[] }) {
  const t = useTranslations('admin.builds')
  const format = useFormatter()
  const most = Math.max(...days.map(totalOf))
  const all = days.reduce((sum, day) => sum + totalOf(day), 0)
  const outcomes = happened(days)
  return (
    <Card>
      <CardHeader title={t('title')}>
        <span className="tabular text-faint text-xs">{t('caption', { count: all })}</span>
      </CardHeader>
      <figure className="px-4 pt-3 pb-3">
        <div aria-hidden className="flex h-32 items-end gap-px border-b sm:gap-1">
          {days.map((day) => (
            <DayBar key={day.day} day={day} most={Math.max(1, most)} />
          ))}
        </div>
        <div aria-hidden className="tabular mt-1 flex justify-between text-faint text-xs">
          <DayName day={days[0]} />
          <span>{most > 0 && t('most', { count: format.number(most) })}</span>
          <DayName day={days.at(-1)} />
        </div>
        {outcomes.length > 0 && (
          <figcaption className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {outcomes.map((outcome) => (
              <span key={outcome} className="inline-flex items-center gap-1.5">
                <span aria-hidden className={cn('size-2 rounded-full bg-current', colours[outcome])} />
                <span className="text-muted">{t(`outcomes.${outcome}`)}</span>
                <span className="tabular font-medium">{format.number(days.reduce((sum, day) => sum + day[outcome], 0))}</span>
              </span>
            ))}
          </figcaption>
        )}
        <DayTable days={days} />
      </figure>
    </Card>
  )
}

/** Days are those of UTC, as the server counts them. */
function useDayName() {
  const format = useFormatter()
  return (day: string) => format.dateTime(new Date(`${day}T00:00:00Z`), { month: 'short', day: 'numeric', timeZone: 'UTC' })
}

function DayName({ day }: { day: Day | undefined }) {
  const nameOf = useDayName()
  return <span>{day && nameOf(day.day)}</span>
}

function DayBar({ day, most }: { day: Day; most: number }) {
  const t = useTranslations('admin.builds')
  const nameOf = useDayName()
  const total = totalOf(day)
  const hint = (
    <span className="tabular grid">
      {t('day', { day: nameOf(day.day), count: total })}
      {dayOutcomes.map(
        (outcome) =>
          day[outcome] > 0 && (
            <span key={outcome}>
              {t(`outcomes.${outcome}`)} {day[outcome]}
            </span>
          ),
      )}
    </span>
  )
  return (
    <Tooltip text={hint}>
      <div className="flex h-full min-w-0 flex-1 flex-col justify-end rounded-t-sm hover:bg-sunken">
        <div className="flex flex-col-reverse gap-px overflow-hidden rounded-t-sm" style={{ height: `${(total / most) * 100}%` }}>
          {dayOutcomes.map(
            (outcome) =>
              day[outcome] > 0 && (
                <span key={outcome} className={cn('min-h-0.5 bg-current', colours[outcome])} style={{ flexGrow: day[outcome] }} />
              ),
          )}
        </div>
      </div>
    </Tooltip>
  )
}

function DayTable({ days }: { days: Day[] }) {
  const t = useTranslations('admin.builds')
  const nameOf = useDayName()
  const shown = days.filter((day) => totalOf(day) > 0)
  return (
    <ul className="sr-only">
      {shown.map((day) => (
        <li key={day.day}>
          {t('day', { day: nameOf(day.day), count: totalOf(day) })}
          {dayOutcomes.map((outcome) => day[outcome] > 0 && <span key={outcome}>{` ${t(`outcomes.${outcome}`)} ${day[outcome]}`}</span>)}
        </li>
      ))}
    </ul>
  )
}
