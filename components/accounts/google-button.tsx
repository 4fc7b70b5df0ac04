'use client'

import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { GoogleMark } from './google-mark.tsx'

/** The way to Google and back to `callbackUrl`. */
export function GoogleButton({ callbackUrl }: { callbackUrl: string }) {
  const t = useTranslations('signIn')
  const alive = useAlive()
  const [leaving, setLeaving] = useState(false)
  const go = () => {
    setLeaving(true)
    signIn('google', { callbackUrl }).catch(() => setLeaving(false))
  }
  return (
    <Button size="lg" className="w-full text-sm" onClick={go} disabled={leaving || !alive}>
      <GoogleMark />
      {leaving ? t('leaving') : t('google')}
    </Button>
  )
}
