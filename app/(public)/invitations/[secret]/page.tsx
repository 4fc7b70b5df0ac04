import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Alive } from '@/components/client/alive.tsx'
import { InvitationCard } from '@/components/members/invitation-card.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invitation'))('title'), robots: { index: false, follow: false } }
}

type Api = Awaited<ReturnType<typeof serverCaller>>

async function look(api: Api, secret: string) {
  try {
    return await api.members.lookAt({ secret })
  } catch (error) {
    const { code } = error as { code?: string }
    // An address that is too long to be one of ours is as unknown as any other.
    if (code === 'BAD_REQUEST') return { state: 'unknown' } as const
    if (code === 'TOO_MANY_REQUESTS') return { state: 'tooMany' } as const
    throw error
  }
}

export default async function InvitationPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params
  const api = await serverCaller(await headers())
  const [view, { mode }] = await Promise.all([look(api, secret), api.accounts.signIn()])
  if (view.state === 'member') redirect(`/${view.service}`)
  return (
    <Alive words={['invitation', 'duration']}>
      <InvitationCard view={view} secret={secret} canSignIn={mode !== 'missing'} />
    </Alive>
  )
}
