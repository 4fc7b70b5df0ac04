'use client'

import { useQuery } from '@tanstack/react-query'
import { FileLock2, Globe, LayoutDashboard, LockKeyhole, Settings, Users } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { cn } from '@/components/ui/cn.ts'
import type { Project } from '@/server/projects/schema.ts'

/** The project as the page's reader sees it, live. Whoever was shut out meanwhile has the page drawn again, which then says so. */
function useProject(service: string): Project | undefined {
  const router = useRouter()
  const { data, error, refetch } = useQuery({ ...useTRPC().projects.get.queryOptions({ service }), retry: false })
  useChanges([service], refetch)
  const code = error ? failureOf(error).code : null
  useEffect(() => {
    if (code === 'NOT_FOUND' || code === 'UNAUTHENTICATED') router.refresh()
  }, [code, router])
  return data
}

const icons = { overview: LayoutDashboard, members: Users, ledger: FileLock2, keys: LockKeyhole, settings: Settings } as const
type TabName = keyof typeof icons

/** The pages that somebody with this role may see. */
const tabsOf = (role: Project['role']): TabName[] => [
  'overview',
  ...(role === 'PUBLIC' ? [] : (['members', 'ledger'] as const)),
  ...(role === 'OWNER' ? (['keys', 'settings'] as const) : []),
]

function ServiceTab({ name, service, path }: { name: TabName; service: string; path: string }) {
  const t = useTranslations('members')
  const Icon = icons[name]
  const href = name === 'overview' ? `/${service}` : `/${service}/${name}`
  const here = path === href
  // A build's page belongs to the overview without being it.
  const within = here || (name === 'overview' && path.startsWith(`/${service}/builds/`))
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cn(
        '-mb-px inline-flex h-10 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-muted text-sm transition-colors hover:text-ink focus-visible:-outline-offset-2',
        within && 'border-accent text-ink',
      )}
    >
      <Icon aria-hidden className="size-4" />
      {t(name === 'members' ? 'title' : name)}
    </Link>
  )
}

/** Which pages a service has for its reader, and whether everybody may read them. */
export function ServiceTabs({ service }: { service: string }) {
  const t = useTranslations('members')
  const path = usePathname()
  const project = useProject(service)
  if (!project) return null
  return (
    <div className="mb-4 flex items-end justify-between gap-3 border-b">
      <nav aria-label={t('navigation')} className="flex min-w-0 overflow-x-auto [scrollbar-width:none]">
        {tabsOf(project.role).map((name) => (
          <ServiceTab key={name} name={name} service={service} path={path} />
        ))}
      </nav>
      {project.publicRead && (
        <Badge tone="run" title={t('publicHint')} className="mb-2.5 shrink-0">
          <Globe aria-hidden />
          {t('public')}
        </Badge>
      )}
    </div>
  )
}
