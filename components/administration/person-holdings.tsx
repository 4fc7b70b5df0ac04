'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { PersonPage } from '@/server/administration/schema.ts'

function Holding(props: { title: string; count: number; none: string; children: ReactNode }) {
  return (
    <Card>
      <CardHeader title={props.title}>
        <Badge className="tabular">{props.count}</Badge>
      </CardHeader>
      {props.count === 0 ? <p className="px-4 py-3 text-muted">{props.none}</p> : <ul className="divide-y">{props.children}</ul>}
    </Card>
  )
}

const line = 'flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 py-2.5'

/** The projects a person is a member of, and as what. Their pages are their members' alone, so there are no links. */
export function PersonProjects({ person }: { person: PersonPage }) {
  const t = useTranslations('users.page')
  const role = useTranslations('members.roles')
  return (
    <Holding title={t('projects')} count={person.projects} none={t('noProjects')}>
      {person.memberships.map((membership) => (
        <li key={membership.service} className={line}>
          <div className="min-w-0">
            <p className="font-medium">{membership.service}</p>
            <p className="truncate text-faint text-xs">
              <bdi>{membership.title}</bdi>
            </p>
          </div>
          <span className="flex items-center gap-3 text-muted text-xs">
            <Badge>{role(membership.role)}</Badge>
            <TimeAgo at={membership.since} />
          </span>
        </li>
      ))}
    </Holding>
  )
}

/** A person's API tokens, as far as they may be known. */
export function PersonTokens({ person }: { person: PersonPage }) {
  const t = useTranslations('users')
  return (
    <Holding title={t('page.tokens')} count={person.tokens.length} none={t('page.noTokens')}>
      {person.tokens.map((token) => (
        <li key={token.id} className={line}>
          <div className="min-w-0">
            <p className="truncate font-medium">
              <bdi>{token.name}</bdi>
            </p>
            <p className="font-mono text-faint text-xs">{token.prefix}…</p>
          </div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
            <span className="flex gap-1">
              {token.scopes.map((scope) => (
                <Badge key={scope}>{scope}</Badge>
              ))}
            </span>
            <span>
              {t('page.lastUsed')} {token.lastUsedAt ? <TimeAgo at={token.lastUsedAt} /> : t('never')}
            </span>
            <span>
              {t('page.expires')} {token.expiresAt ? <Expiry at={token.expiresAt} /> : t('page.neverExpires')}
            </span>
          </div>
        </li>
      ))}
    </Holding>
  )
}

function Expiry({ at }: { at: string }) {
  return <time dateTime={at}>{at.slice(0, 10)}</time>
}

const tones = { OPEN: 'warn', APPROVED: 'ok', REJECTED: 'bad' } as const

/** What a person has applied with. */
export function PersonApplications({ person }: { person: PersonPage }) {
  const t = useTranslations('users.page')
  return (
    <Holding title={t('applications')} count={person.applications.length} none={t('noApplications')}>
      {person.applications.map((application) => (
        <li key={application.id} className="grid gap-1 px-4 py-2.5">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <Badge tone={tones[application.status]}>{t(`statuses.${application.status}`)}</Badge>
            <span className="text-faint text-xs">
              <TimeAgo at={application.createdAt} />
            </span>
          </div>
          {application.company && (
            <p className="font-medium [overflow-wrap:anywhere]">
              <bdi>{application.company}</bdi>
            </p>
          )}
          <p className="line-clamp-4 whitespace-pre-line text-muted [overflow-wrap:anywhere]" dir="auto">
            {application.purpose}
          </p>
          {application.message && (
            <p className="whitespace-pre-line text-faint text-xs [overflow-wrap:anywhere]" dir="auto">
              {t('message')}: {application.message}
            </p>
          )}
        </li>
      ))}
    </Holding>
  )
}
