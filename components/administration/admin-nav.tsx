'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Scroller } from '@/components/ui/scroller.tsx'

const places = [
  { name: 'overview', href: '/admin' },
  { name: 'applications', href: '/admin/applications' },
  { name: 'users', href: '/admin/users' },
  { name: 'ledger', href: '/admin/ledger' },
  { name: 'keys', href: '/admin/keys' },
  { name: 'audit', href: '/admin/audit' },
  { name: 'feedback', href: '/admin/feedback' },
  { name: 'mail', href: '/admin/mail' },
] as const

/** The pages of the administration; how many applications wait stands beside their name. */
export function AdminNav() {
  const t = useTranslations('admin.nav')
  const path = usePathname()
  const { data } = useQuery({ ...useTRPC().administration.sections.queryOptions(), refetchInterval: 30_000 })
  return (
    <nav aria-label={t('label')} className="mb-5 border-b">
      <Scroller className="overflow-x-auto [scrollbar-width:none]">
        <ul className="flex gap-1">
          {places.map(({ name, href }) => {
            const here = href === '/admin' ? path === href : path === href || path.startsWith(`${href}/`)
            const count = name === 'applications' ? (data?.openApplications ?? 0) : 0
            return (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={here ? 'page' : undefined}
                  className={cn(
                    'inline-flex h-10 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-muted text-sm transition-colors hover:text-ink focus-visible:-outline-offset-2',
                    here && 'border-accent text-ink',
                  )}
                >
                  {t(name)}
                  {count > 0 && (
                    <Badge tone="accent" className="tabular">
                      {count}
                      <span className="sr-only">{t('open')}</span>
                    </Badge>
                  )}
                </Link>
              </li>
            )
          })}
        </ul>
      </Scroller>
    </nav>
  )
}
