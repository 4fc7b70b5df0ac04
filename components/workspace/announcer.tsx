'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import type { LiveMessage } from '@/components/client/chat-fold.ts'
import { safeText } from './safe-text.ts'

const longestRead = 240

/** Tells a screen reader that an answer begins, waits or ends, and how the answer begins; never every word of it. */
export function Announcer({ last }: { last: LiveMessage | undefined }) {
  const t = useTranslations('thread')
  const [said, setSaid] = useState('')
  const before = useRef<{ id: string | undefined; phase: string } | null>(null)
  const phase = !last ? 'none' : last.state === 'open' ? (last.runState === 'waiting' ? 'waiting' : 'open') : last.state
  useEffect(() => {
    const known = before.current
    before.current = { id: last?.id, phase }
    // What stood there when the page was opened is read by whoever wants to.
    if (last?.role !== 'assistant' || !known || (known.id === last.id && known.phase === phase)) return
    const name = safeText(last.agentName ?? t('agent'))
    if (phase === 'open') setSaid(t('answering', { name }))
    else if (phase === 'waiting') setSaid(t('waitingAnnounce', { name }))
    else if (phase === 'failed') setSaid(t('failedAnnounce'))
    else if (phase === 'stopped') setSaid(t('stoppedAnnounce'))
    else {
      const text = (last.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ')
      setSaid(t('answered', { name, text: safeText(text).replace(/\s+/g, ' ').slice(0, longestRead) }))
    }
  }, [last, phase, t])
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  )
}
