'use client'

import { Database, KeyRound, MonitorSmartphone, UserRound } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'
import { Scroller } from '@/components/ui/scroller.tsx'

const places = [
  { name: 'profile', href: '/account', icon: UserRound },
  { name: 'sessions', href: '/account/sessions', icon: MonitorSmartphone },
  { name: 'tokens', href: '/account/tokens', icon: KeyRound },
  { name: 'data', href: '/account/data', icon: Database },
] as const

/** The pages of one's own account. */
export function AccountNav() {
  const t = useTranslations('profile')
  const path = usePathname()
  return (
    <nav aria-label={t('nav')} className="mb-5 border-b">
      <Scroller className="overflow-x-auto [scrollbar-width:none]">
        <ul className="flex gap-1">
          {places.map(({ name, href, icon: Icon }) => (
            <li key={href}>
              <Link
                href={href}
                aria-current={path === href ? 'page' : undefined}
                className={cn(
                  'inline-flex h-10 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-muted text-sm transition-colors hover:text-ink focus-visible:-outline-offset-2',
                  path === href && 'border-accent text-ink',
                )}
              >
                <Icon aria-hidden className="size-4 max-sm:hidden" />
                {t(`tabs.${name}`)}
              </Link>
            </li>
          ))}
        </ul>
      </Scroller>
    </nav>
  )
}
