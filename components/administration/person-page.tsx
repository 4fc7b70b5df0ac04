'use client'

import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { AuditEntries } from '@/components/audit/audit-entries.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { Avatar } from '@/components/ui/avatar.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { PersonPage as Person } from '@/server/administration/schema.ts'
import { PersonActs } from './person-acts.tsx'
import { PersonApplications, PersonProjects, PersonTokens } from './person-holdings.tsx'
import { PersonSessions } from './person-sessions.tsx'
import { PersonState } from './person-state.tsx'

/** One person: who they are, what they hold, what was done to them, and what can be done. */
export function PersonPage({ id }: { id: string }) {
  const t = useTranslations('users')
  const shell = useTranslations('shell')
  const { data: person } = useQuery({ ...useTRPC().administration.user.queryOptions({ id }), refetchInterval: 30_000 })
  if (!person) return null
  return (
    <>
      <Breadcrumbs
        label={shell('breadcrumbs')}
        items={[{ name: t('title'), href: '/admin/users' }, { name: person.name ?? person.email }]}
      />
      <Heading person={person} />
      <WhySuspended person={person} />
      <div className="mt-5 grid items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <PersonSessions person={person} />
          <PersonTokens person={person} />
        </div>
        <div className="grid min-w-0 gap-4">
          <PersonProjects person={person} />
          <PersonApplications person={person} />
        </div>
      </div>
      <Card className="mt-4 overflow-hidden">
        <CardHeader title={t('page.audit')}>
          <span className="flex flex-wrap gap-1">
            <Button asChild variant="ghost" size="sm">
              <Link href={`/admin/audit?target=${person.id}`}>{t('page.allAudit')}</Link>
            </Button>
            <Button asChild variant="ghost" size="sm">
              <Link href={`/admin/audit?actor=${person.id}`}>{t('page.byPerson')}</Link>
            </Button>
          </span>
        </CardHeader>
        {person.entries.length > 0 ? (
          <AuditEntries entries={person.entries} />
        ) : (
          <p className="px-4 py-3 text-muted">{t('page.noAudit')}</p>
        )}
      </Card>
    </>
  )
}

function Heading({ person }: { person: Person }) {
  const t = useTranslations('users')
  const title = (
    <span className="flex items-center gap-2.5">
      <span aria-hidden className="shrink-0">
        <Avatar name={person.name ?? person.email} image={person.image} />
      </span>
      <bdi>{person.name ?? person.email}</bdi>
    </span>
  )
  const beside = (
    <>
      <PersonState person={person} long />
      {person.self && <Badge>{t('self')}</Badge>}
    </>
  )
  return (
    <>
      <PageHeader title={title} beside={beside} meta={<bdi>{person.email}</bdi>} actions={<PersonActs person={person} />} />
      {!person.verified && (
        <p className="mt-2 flex items-center gap-1.5 text-warn">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          {t('unverified')}
        </p>
      )}
      <Facts person={person} />
    </>
  )
}

/** Why somebody is locked out, as the administrator who did it wrote down. */
function WhySuspended({ person }: { person: Person }) {
  const t = useTranslations('users.page')
  const reason = person.entries.find(({ action }) => action === 'user.suspended')?.details.reason
  if (person.state !== 'suspended' || !reason) return null
  return (
    <Banner tone="warn" className="mt-4" title={t('why')}>
      <span dir="auto">{String(reason)}</span>
    </Banner>
  )
}

function Facts({ person }: { person: Person }) {
  const t = useTranslations('users')
  const times = ['lastLoginAt', 'createdAt', 'approvedAt', 'onboardedAt', 'suspendedAt'] as const
  const names = {
    lastLoginAt: 'lastLogin',
    createdAt: 'joined',
    approvedAt: 'approvedAt',
    onboardedAt: 'onboardedAt',
    suspendedAt: 'suspendedAt',
  } as const
  return (
    <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
      {times.map((time) => {
        const at = person[time]
        if (!at && time !== 'lastLoginAt') return null
        return (
          <Fact key={time} name={t(`page.${names[time]}`)}>
            {at ? <TimeAgo at={at} /> : t('never')}
          </Fact>
        )
      })}
      {person.googleName && person.googleName !== person.name && (
        <Fact name={t('page.googleName')}>
          <bdi>{person.googleName}</bdi>
        </Fact>
      )}
      {person.locale && <Fact name={t('page.language')}>{person.locale}</Fact>}
      <Fact name={t('page.id')}>
        <span className="font-mono text-xs [overflow-wrap:anywhere]">{person.id}</span>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
