'use client'

import { useMutation } from '@tanstack/react-query'
import { LogOut, Monitor, Smartphone, Tablet } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { SessionView } from '@/server/accounts/schema.ts'
import type { PersonPage } from '@/server/administration/schema.ts'
import { useReadAgain } from './use-act.ts'

const icons = { desktop: Monitor, mobile: Smartphone, tablet: Tablet } as const

/** Where a person is signed in, and the way to end each of it. */
export function PersonSessions({ person }: { person: PersonPage }) {
  const t = useTranslations('users.page')
  return (
    <Card>
      <CardHeader title={t('sessions')}>
        <Badge className="tabular">{person.sessions.length}</Badge>
      </CardHeader>
      {person.sessions.length === 0 && <p className="px-4 py-3 text-muted">{t('noSessions')}</p>}
      <ul className="divide-y">
        {person.sessions.map((session) => (
          <SessionLine key={session.id} userId={person.id} session={session} />
        ))}
      </ul>
    </Card>
  )
}

function SessionLine({ userId, session }: { userId: string; session: SessionView }) {
  const t = useTranslations('users.page')
  const alive = useAlive()
  const readAgain = useReadAgain()
  const end = useMutation(useTRPC().administration.endSession.mutationOptions({ onSettled: readAgain }))
  const Icon = icons[session.device ?? 'desktop']
  const device = [session.browser, session.system].filter(Boolean).join(' · ') || t('unknownDevice')
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Icon aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <bdi className="truncate">{device}</bdi>
          {session.current && <Badge tone="accent">{t('current')}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-faint text-xs">
          {session.address && <span className="font-mono">{session.address}</span>}
          <span>
            {t('lastSeen')} <TimeAgo at={session.lastSeenAt} />
          </span>
          <span>
            {t('since')} <TimeAgo at={session.createdAt} />
          </span>
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          variant="ghost"
          aria-label={t('endSessionOf', { device })}
          disabled={!alive || end.isPending}
          onClick={() => end.mutate({ id: userId, sessionId: session.id })}
        >
          <LogOut aria-hidden />
          {t('endSession')}
        </Button>
      )}
    </li>
  )
}
