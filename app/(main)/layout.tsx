import { Bot, LayoutDashboard } from 'lucide-react'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SignInLink } from '@/components/accounts/sign-in-link.tsx'
import { UserMenu } from '@/components/accounts/user-menu.tsx'
import { WorkspaceNav } from '@/components/chats/workspace-nav.tsx'
import { Alive } from '@/components/client/alive.tsx'
import { DemoModel } from '@/components/client/demo-model.tsx'
import { FeedbackButton } from '@/components/feedback/feedback-button.tsx'
import { CommandPalette } from '@/components/shell/command-palette.tsx'
import { Header } from '@/components/shell/header.tsx'
import { LocaleSwitch } from '@/components/shell/locale-switch.tsx'
import { MainColumn } from '@/components/shell/main-column.tsx'
import { NavLink, NavWord } from '@/components/shell/nav-link.tsx'
import { ThemeSwitch } from '@/components/shell/theme-switch.tsx'
import { serverCaller } from '@/server/caller.ts'
import { registry } from '@/server/core/registry.ts'

export default async function MainLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const [me, t] = await Promise.all([api.accounts.me(), getTranslations('shell')])
  const tools = (
    <>
      {me && <CommandPalette admin={me.admin} />}
      <FeedbackButton signedIn={Boolean(me)} />
      <LocaleSwitch />
      <ThemeSwitch />
      {me ? <UserMenu me={me} /> : <SignInLink />}
    </>
  )
  return (
    <Alive words={['shell', 'palette', 'account', 'feedback', 'duration', 'notices']}>
      <Header home={me ? '/dashboard' : '/'} tools={tools}>
        {me && (
          <nav aria-label={t('navigation')} className="flex items-center gap-0.5">
            <NavLink href="/dashboard">
              <NavWord icon={<LayoutDashboard aria-hidden />}>{t('dashboard')}</NavWord>
            </NavLink>
            {me.approved && <WorkspaceNav label={t('workspace')} />}
            {me.approved && (
              <>
                <NavLink href="/agents">
                  <NavWord icon={<Bot aria-hidden />}>{t('agents')}</NavWord>
                </NavLink>
                {/* Where there is no room for it, the person's menu has it. */}
                <span className="max-md:hidden">
                  <NavLink href="/projects/new">{t('newProject')}</NavLink>
                </span>
              </>
            )}
          </nav>
        )}
      </Header>
      <DemoModel on={registry('ai').demo}>
        <MainColumn>{children}</MainColumn>
      </DemoModel>
    </Alive>
  )
}
