'use client'

import { signIn } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { z } from 'zod'
import { useAlive } from '@/components/client/use-alive.ts'
import { Logo } from '@/components/shell/logo.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import type { signInSchema } from '@/server/accounts/schema.ts'
import { GoogleMark } from './google-mark.tsx'

// Codes of the sign-in library that deserve words of their own; every other one gets the common sentence.
const known = ['AccessDenied', 'OAuthAccountNotLinked', 'Configuration'] as const
const sentence = (error: string) => known.find((code) => code === error) ?? 'Default'

/** The sign-in page's one card: the way in, or what is missing for it. */
export function SignInCard(props: { how: z.infer<typeof signInSchema>; callbackUrl: string; error: string | null }) {
  const t = useTranslations('signIn')
  const alive = useAlive()
  const [leaving, setLeaving] = useState(false)
  const { mode, missing } = props.how
  const go = () => {
    setLeaving(true)
    signIn('google', { callbackUrl: props.callbackUrl }).catch(() => setLeaving(false))
  }
  return (
    <div className="mx-auto mt-[8vh] w-full max-w-sm rounded-lg border bg-surface p-6 sm:p-8">
      <Logo className="size-9 text-accent" />
      <h1 className="mt-4 font-semibold text-xl tracking-tight">{t('title')}</h1>
      <p className="mt-1 text-muted">{t('text')}</p>
      <div className="mt-6 grid gap-4">
        {props.error && <Banner tone="bad">{t(`errors.${sentence(props.error)}`)}</Banner>}
        {mode === 'missing' ? (
          <Banner tone="warn" title={t('missing.title')}>
            {t('missing.text')}
            <ul className="mt-2 grid gap-1 font-mono text-xs">
              {missing.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </Banner>
        ) : (
          <Button size="lg" className="w-full text-sm" onClick={go} disabled={leaving || !alive}>
            <GoogleMark />
            {leaving ? t('leaving') : t('google')}
          </Button>
        )}
        {mode === 'stand-in' && <p className="text-faint text-xs">{t('standIn')}</p>}
      </div>
    </div>
  )
}
