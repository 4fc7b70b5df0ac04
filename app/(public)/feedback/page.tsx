import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Alive } from '@/components/client/alive.tsx'
import { FeedbackDesk } from '@/components/feedback/feedback-desk.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('feedback'))('open'), robots: { index: false } }
}

// Only a path of ours: it stands in a link afterwards.
const pathOf = (wanted: string | string[] | undefined) =>
  typeof wanted === 'string' && /^\/(?![/\\])[^\s\\?#]*/.test(wanted) ? (/^\/[^\s\\?#]*/.exec(wanted)?.[0] ?? '/') : '/'

export default async function FeedbackPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const [{ page }, t] = [await searchParams, await getTranslations('feedback')]
  const me = await (await serverCaller(await headers())).accounts.me()
  return (
    <div className="mx-auto w-full max-w-xl py-6 sm:py-10">
      <h1 className="text-balance font-semibold text-2xl tracking-tight">{t('title')}</h1>
      <p className="mt-2 mb-6 text-muted text-base">{t('intro')}</p>
      <Alive words={['feedback']}>
        <FeedbackDesk page={pathOf(page)} signedIn={Boolean(me)} />
      </Alive>
    </div>
  )
}
