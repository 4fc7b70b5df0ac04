'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { durationParts } from '@/components/ui/duration.ts'
import type { RoundView } from '@/server/rotation/schema.ts'

/** Too little is done before that to tell from it how long the rest takes. */
const leastShare = 0.01
const leastMs = 2_000
const soonMs = 2_000

/** How much longer a round takes if it goes on as it went; null where that cannot be told. */
export function leftMs({ startedAt, done, total }: Pick<RoundView, 'startedAt' | 'done' | 'total'>, now: number): number | null {
  const worked = now - Date.parse(startedAt)
  if (total === null || total === 0 || done / total < leastShare || worked < leastMs) return null
  return (Math.max(0, total - done) * worked) / done
}

function useTimeText() {
  const t = useTranslations('duration')
  return (ms: number) => {
    // Seconds are guessed, so their parts are not worth a word.
    const parts = durationParts(Math.ceil(ms / 1_000) * 1_000)
    if (parts.unit === 'ms') return t('s', { s: '1' })
    if (parts.unit === 's') return t('s', { s: String(Math.round(Number(parts.s))) })
    return parts.unit === 'min' ? t('min', { min: parts.min, s: parts.s }) : t('h', { h: parts.h, min: parts.min })
  }
}

/** How much longer a round takes; the browser alone knows its clock. */
export function TimeLeft({ round }: { round: RoundView }) {
  const t = useTranslations('keys.round')
  const textOf = useTimeText()
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const left = now === null ? null : leftMs(round, now)
  if (left === null) return null
  return <span>{left < soonMs ? t('soon') : t('left', { time: textOf(left) })}</span>
}
