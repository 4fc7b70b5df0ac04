'use client'

import { Bell, BellRing } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button.tsx'

type State = NotificationPermission | 'unavailable'

/** Lets the browser tell of what happens while nobody looks; it asks only when this is pressed. */
export function NotifyButton() {
  const t = useTranslations('chats.notice')
  const [state, setState] = useState<State | null>(null)
  useEffect(() => setState('Notification' in window ? Notification.permission : 'unavailable'), [])
  if (state === null) return null
  if (state === 'denied' || state === 'unavailable') return <p className="text-faint text-xs">{t(state)}</p>
  if (state === 'granted')
    return (
      <p className="flex items-center gap-1.5 text-muted text-xs">
        <BellRing aria-hidden className="size-3.5" />
        {t('asked')}
      </p>
    )
  return (
    <Button
      size="sm"
      className="h-auto whitespace-normal py-1.5 text-left"
      onClick={() => void Notification.requestPermission().then(setState)}
    >
      <Bell aria-hidden />
      {t('ask')}
    </Button>
  )
}
