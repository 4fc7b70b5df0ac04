'use client'

import { Hourglass } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import type { Wait } from '@/components/client/chat-fold.ts'

/** The model is busy: how long until it is asked again. */
export function WaitNote({ wait }: { wait: Wait }) {
  const t = useTranslations('thread')
  const [seconds, setSeconds] = useState<number | null>(null)
  useEffect(() => {
    // Clocks differ: nobody is told to wait longer than the whole time.
    const begun = Math.max(wait.at, Date.now() - wait.waitMs)
    const measure = () => setSeconds(Math.max(0, Math.min(wait.waitMs, begun + wait.waitMs - Date.now())) / 1_000)
    measure()
    const timer = setInterval(measure, 500)
    return () => clearInterval(timer)
  }, [wait])
  const left = Math.ceil(seconds ?? wait.waitMs / 1_000)
  return (
    <p role="timer" className="flex items-center gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn text-xs">
      <Hourglass aria-hidden className="size-3.5 shrink-0" />
      {left > 0 ? t('wait', { status: wait.status, seconds: left, attempt: wait.attempt }) : t('waitNow', { status: wait.status })}
    </p>
  )
}
