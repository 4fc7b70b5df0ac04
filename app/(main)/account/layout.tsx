import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { AccountNav } from '@/components/accounts/account-nav.tsx'
import { requirePerson } from '@/components/client/decide.ts'
import { MoreWords } from '@/components/client/words.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'

/** Around every page of one's own account. It is there for everybody who is signed in, let into the beta or not. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  await requirePerson(await api.accounts.me())
  const t = await getTranslations('profile')
  return (
    <MoreWords of={['profile']}>
      <PageHeader className="mb-3" title={t('title')} />
      <AccountNav />
      {children}
    </MoreWords>
  )
}
