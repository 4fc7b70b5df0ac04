'use client'

import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { durationParts } from './duration.ts'

/** The reader's own time zone once the page is alive; the server cannot know it. */
export function useTimeZone(): string | null {
  const [zone, setZone] = useState<string | null>(null)
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone), [])
  return zone
}

/** "3 minutes ago", the exact time in its title. */
export function TimeAgo({ at }: { at: string }) {
  const format = useFormatter()
  const now = useNow({ updateInterval: 10_000 })
  const timeZone = useTimeZone()
  const date = new Date(at)
  const exact = timeZone ? format.dateTime(date, { dateStyle: 'medium', timeStyle: 'medium', timeZone }) : undefined
  return (
    <time dateTime={at} title={exact} className="tabular whitespace-nowrap">
      {format.relativeTime(date > now ? now : date, now)}
    </time>
  )
}

/** How long something took, or takes: without `to` it counts on. */
export function Duration({ from, to, className }: { from: string | null; to: string | null; className?: string }) {
  const live = from !== null && to === null
  const [ms, setMs] = useState<number | null>(() => (from && to ? Date.parse(to) - Date.parse(from) : null))
  useEffect(() => {
    const measure = () => setMs(from ? (to ? Date.parse(to) : Date.now()) - Date.parse(from) : null)
    measure()
    if (!live) return
    const timer = setInterval(measure, 1_000)
    return () => clearInterval(timer)
  }, [from, to, live])
  return <span className={`tabular whitespace-nowrap ${className ?? ''}`}>{ms === null ? '–' : <DurationText ms={ms} />}</span>
}

/** A length of time in the reader's words: 850 ms, 12.4 s, 3 min 05 s, 1 h 02 min. */
export function DurationText({ ms }: { ms: number }) {
  const t = useTranslations('duration')
  const parts = durationParts(ms)
  if (parts.unit === 'ms') return t('ms', { ms: parts.ms })
  if (parts.unit === 's') return t('s', { s: parts.s })
  if (parts.unit === 'min') return t('min', { min: parts.min, s: parts.s })
  return t('h', { h: parts.h, min: parts.min })
}
