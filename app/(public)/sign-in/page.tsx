import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SignInCard } from '@/components/accounts/sign-in-card.tsx'
import { Words } from '@/components/client/words.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') }
}

// Only a path of ours, or our own origin's address as the sign-in library makes it; it checks the origin again on the way back.
const destination = (wanted: string | string[] | undefined) =>
  typeof wanted === 'string' && /^(\/(?![/\\])|https?:\/\/)/.test(wanted) ? wanted : '/dashboard'

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { callbackUrl, error } = await searchParams
  const api = await serverCaller(await headers())
  const [me, how] = await Promise.all([api.accounts.me(), api.accounts.signIn()])
  if (me) redirect('/dashboard')
  return (
    <Words of={['signIn']}>
      <SignInCard how={how} callbackUrl={destination(callbackUrl)} error={typeof error === 'string' ? error : null} />
    </Words>
  )
}
