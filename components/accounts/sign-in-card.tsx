'use client'

import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { Logo } from '@/components/shell/logo.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import type { signInSchema } from '@/server/accounts/schema.ts'
import { SignInWay, useDomains } from './sign-in-way.tsx'

// Codes of the sign-in that deserve words of their own; every other one gets the common sentence.
const known = ['AccessDenied', 'DomainNotAllowed', 'Suspended', 'TooManyRequests', 'OAuthAccountNotLinked', 'Configuration'] as const
const sentence = (error: string) => known.find((code) => code === error) ?? 'Default'

/** The sign-in page's one card: the way in, or what is missing for it. */
export function SignInCard(props: { how: z.infer<typeof signInSchema>; callbackUrl: string; error: string | null }) {
  const t = useTranslations('signIn')
  const domains = useDomains(props.how.domains) || 'none'
  return (
    <div className="mx-auto mt-[8vh] w-full max-w-sm rounded-lg border bg-surface p-6 sm:p-8">
      <Logo className="size-9 text-accent" />
      <h1 className="mt-4 font-semibold text-xl tracking-tight">{t('title')}</h1>
      <p className="mt-1 text-muted">{t('text')}</p>
      <div className="mt-6 grid gap-4">
        {props.error && <Banner tone="bad">{t(`errors.${sentence(props.error)}`, { domains })}</Banner>}
        {/* What the refusal has said need not be said again. */}
        <SignInWay how={props.error === 'DomainNotAllowed' ? { ...props.how, domains: [] } : props.how} callbackUrl={props.callbackUrl} />
      </div>
    </div>
  )
}
