import { headers } from 'next/headers'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { UserMenu } from '@/components/accounts/user-menu.tsx'
import { CommandPalette } from '@/components/shell/command-palette.tsx'
import { Header } from '@/components/shell/header.tsx'
import { MainColumn } from '@/components/shell/main-column.tsx'
import { NavLink } from '@/components/shell/nav-link.tsx'
import { Button } from '@/components/ui/button.tsx'
import { serverCaller } from '@/server/caller.ts'

export default async function MainLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const [me, t] = await Promise.all([api.accounts.me(), getTranslations('shell')])
  const account = me ? (
    <UserMenu me={me} />
  ) : (
    <Button asChild size="sm">
      <Link href="/sign-in">{t('signIn')}</Link>
    </Button>
  )
  return (
    <>
      <Header home={me ? '/dashboard' : '/'} search={me && <CommandPalette />} account={account}>
        <nav aria-label={t('navigation')} className="flex items-center gap-0.5">
          <NavLink href="/dashboard">{t('dashboard')}</NavLink>
          <NavLink href="/projects/new">{t('newProject')}</NavLink>
        </nav>
      </Header>
      <MainColumn>{children}</MainColumn>
    </>
  )
}
