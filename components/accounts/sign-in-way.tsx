'use client'

import { useLocale, useTranslations } from 'next-intl'
import type { z } from 'zod'
import { Banner } from '@/components/ui/banner.tsx'
import type { signInSchema } from '@/server/accounts/schema.ts'
import { GoogleButton } from './google-button.tsx'

/** The mail domains that may come in, as a sentence's part in the reader's language; empty where everybody may. */
export function useDomains(domains: readonly string[]): string {
  return new Intl.ListFormat(useLocale(), { type: 'disjunction' }).format(domains)
}

/** The way in, or what is missing for it, and who may take it. */
export function SignInWay({ how, callbackUrl }: { how: z.infer<typeof signInSchema>; callbackUrl: string }) {
  const t = useTranslations('signIn')
  const domains = useDomains(how.domains)
  if (how.mode === 'missing')
    return (
      <Banner tone="warn" title={t('missing.title')}>
        {t('missing.text')}
        <ul className="mt-2 grid gap-1 font-mono text-xs">
          {how.missing.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </Banner>
    )
  return (
    <>
      <GoogleButton callbackUrl={callbackUrl} />
      {domains && <p className="text-muted text-xs [overflow-wrap:anywhere]">{t('allowed', { domains })}</p>}
      {how.mode === 'stand-in' && <p className="text-faint text-xs">{t('standIn')}</p>}
    </>
  )
}
