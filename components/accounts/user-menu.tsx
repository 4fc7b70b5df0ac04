'use client'

import { Bot, LogOut, MessageSquarePlus, MessagesSquare, Plus, ShieldCheck, UserRound } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Avatar } from '@/components/ui/avatar.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/components/ui/menu.tsx'
import type { Me } from '@/server/accounts/schema.ts'

/** Where a narrow window's bar shows signs alone, the menu has the words. */
function Places() {
  const t = useTranslations('shell')
  return (
    <>
      <MenuItem asChild className="sm:hidden">
        <Link href="/workspace">
          <MessagesSquare aria-hidden />
          {t('workspace')}
        </Link>
      </MenuItem>
      <MenuItem asChild className="sm:hidden">
        <Link href="/agents">
          <Bot aria-hidden />
          {t('agents')}
        </Link>
      </MenuItem>
      <MenuItem asChild className="md:hidden">
        <Link href="/projects/new">
          <Plus aria-hidden />
          {t('newProject')}
        </Link>
      </MenuItem>
      <MenuSeparator className="md:hidden" />
    </>
  )
}

/** Who is signed in, and the way out. */
export function UserMenu({ me }: { me: Me }) {
  const [t, feedback] = [useTranslations('account'), useTranslations('feedback')]
  const path = usePathname()
  const alive = useAlive()
  const name = me.name ?? me.email
  return (
    <Menu>
      <MenuTrigger className="ml-1 rounded-full" disabled={!alive} aria-label={t('menu', { name })}>
        <Avatar name={name} image={me.image} />
      </MenuTrigger>
      <MenuContent>
        <MenuLabel className="grid gap-0.5">
          <span className="flex items-center gap-2 font-medium text-ink text-sm">
            <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
            {me.admin && <Badge tone="accent">{t('admin')}</Badge>}
          </span>
          <bdi className="[overflow-wrap:anywhere]">{me.email}</bdi>
        </MenuLabel>
        <MenuSeparator />
        {me.approved && <Places />}
        <MenuItem asChild>
          <Link href="/account">
            <UserRound aria-hidden />
            {t('settings')}
          </Link>
        </MenuItem>
        {me.admin && (
          <MenuItem asChild>
            <Link href="/admin">
              <ShieldCheck aria-hidden />
              {t('administration')}
            </Link>
          </MenuItem>
        )}
        {/* On a phone the bar has no room for its button. */}
        <MenuItem asChild className="sm:hidden">
          <Link href={`/feedback?page=${encodeURIComponent(path)}`}>
            <MessageSquarePlus aria-hidden />
            {feedback('open')}
          </Link>
        </MenuItem>
        <MenuItem onSelect={() => void signOut({ callbackUrl: '/' })}>
          <LogOut aria-hidden />
          {t('signOut')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}
