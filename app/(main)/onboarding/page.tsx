import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Onboarding } from '@/components/beta/onboarding.tsx'
import { MoreWords } from '@/components/client/words.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('onboarding'))('title') }
}

export default async function OnboardingPage() {
  const api = await serverCaller(await headers())
  const [me, t] = [await api.accounts.me(), await getTranslations('onboarding')]
  const title = me?.name ? t('welcome', { name: me.name }) : t('title')
  return (
    <div className="mx-auto max-w-4xl py-2 sm:py-6">
      <PageHeader className="mb-6" title={title} meta={<span className="max-w-prose">{t('intro')}</span>} />
      <MoreWords of={['newProject', 'onboarding']}>
        <Onboarding />
      </MoreWords>
    </div>
  )
}
