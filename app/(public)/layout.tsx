import { headers } from 'next/headers'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { UserMenu } from '@/components/accounts/user-menu.tsx'
import { Header } from '@/components/shell/header.tsx'
import { MainColumn } from '@/components/shell/main-column.tsx'
import { Button } from '@/components/ui/button.tsx'
import { serverCaller } from '@/server/caller.ts'

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const [me, t] = await Promise.all([api.accounts.me(), getTranslations('shell')])
  const account = me ? (
    <>
      <Button asChild variant="ghost" size="sm">
        <Link href="/dashboard">{t('dashboard')}</Link>
      </Button>
      <UserMenu me={me} />
    </>
  ) : null
  return (
    <>
      <Header home="/" account={account} />
      <MainColumn>{children}</MainColumn>
    </>
  )
}
