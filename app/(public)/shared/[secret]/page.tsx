import { Link2Off } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getFormatter, getTranslations } from 'next-intl/server'
import { SharedThread } from '@/components/chats/shared-thread.tsx'
import { Alive } from '@/components/client/alive.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { serverCaller } from '@/server/caller.ts'

/** The address is the secret: no other site is told of it, and no search engine keeps it. */
export async function generateMetadata(): Promise<Metadata> {
  const title = (await getTranslations('chats.shared'))('title')
  return { title, robots: { index: false, follow: false }, referrer: 'no-referrer' }
}

type Api = Awaited<ReturnType<typeof serverCaller>>

async function look(api: Api, secret: string) {
  try {
    return await api.chats.shared({ secret })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST') return null
    throw error
  }
}

export default async function SharedPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params
  const [page, t] = await Promise.all([look(await serverCaller(await headers()), secret), getTranslations('chats.shared')])
  if (!page)
    return (
      <EmptyState page icon={<Link2Off aria-hidden />} title={t('gone')}>
        {t('goneText')}
      </EmptyState>
    )
  const format = await getFormatter()
  const ends = page.until ? t('until', { date: format.dateTime(new Date(page.until), { dateStyle: 'long' }) }) : t('untilUnpinned')
  return (
    <Alive words={['chats', 'thread', 'duration', 'architecture']}>
      <h1 className="font-semibold text-xl [overflow-wrap:anywhere]">
        <bdi>{page.title ?? t('title')}</bdi>
      </h1>
      <p className="mt-1 mb-4 text-muted text-sm">{`${t('note')} ${ends}`}</p>
      <SharedThread secret={secret} first={page} />
    </Alive>
  )
}
