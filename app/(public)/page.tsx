import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Goodbye } from '@/components/offboarding/goodbye.tsx'
import { Landing } from '@/components/shell/landing.tsx'
import { serverCaller } from '@/server/caller.ts'
import { dress } from '@/server/core/dress.ts'
import { env } from '@/server/core/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  const [t, { locale }] = [await getTranslations('landing'), await dress()]
  const [title, description] = [t('metaTitle'), t('text')]
  const images = [{ url: `/pictures/build-${locale}-light.webp`, width: 1920, height: 1152, alt: t('heroAlt') }]
  return {
    title: { absolute: title },
    description,
    alternates: { canonical: '/' },
    openGraph: { type: 'website', url: '/', siteName: 'Maestro', title, description, locale: locale === 'ko' ? 'ko_KR' : 'en_US', images },
    twitter: { card: 'summary_large_image', title, description, images },
  }
}

export default async function LandingPage({ searchParams }: { searchParams: Promise<{ goodbye?: unknown }> }) {
  const [api, { theme }, { goodbye }] = [await serverCaller(await headers()), await dress(), await searchParams]
  const signedIn = (await api.accounts.me()) !== null
  return (
    <>
      {goodbye !== undefined && !signedIn && <Goodbye />}
      <Landing signedIn={signedIn} theme={theme} betaOpen={env().BETA_OPEN} />
    </>
  )
}
