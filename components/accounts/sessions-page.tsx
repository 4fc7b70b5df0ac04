'use client'

import { LogOut } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { SessionRow } from './session-row.tsx'
import { useEndings, useSessions } from './use-sessions.ts'

function OthersButton({ alone, others }: { alone: boolean; others: ReturnType<typeof useEndings>['others'] }) {
  const t = useTranslations('sessions')
  const alive = useAlive()
  return (
    <Confirm
      trigger={
        <Button size="sm" disabled={!alive || alone || others.isPending}>
          {t('others.action')}
        </Button>
      }
      title={t('others.title')}
      description={t('others.text')}
      cancel={t('others.cancel')}
      confirm={t('others.action')}
      onConfirm={() => others.mutate()}
    />
  )
}

/** Where one is signed in, and how to end that: here and there, everywhere else, everywhere. */
export function SessionsPage() {
  const t = useTranslations('sessions')
  const alive = useAlive()
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions()
  const { one, others, everywhere } = useEndings()
  const alone = items.every(({ current }) => current)
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <Card>
        <CardHeader title={t('title')}>
          <OthersButton alone={alone} others={others} />
        </CardHeader>
        <p className="border-b px-4 py-3 text-muted">{alone ? t('onlyThis') : t('hint')}</p>
        <ul>
          {items.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              ending={one.isPending && one.variables.id === session.id}
              onEnd={() => one.mutate({ id: session.id })}
            />
          ))}
        </ul>
        {hasNextPage && (
          <div className="border-t p-3 text-center">
            <Button variant="ghost" size="sm" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
              {t('more')}
            </Button>
          </div>
        )}
      </Card>
      <div>
        <Confirm
          trigger={
            <Button variant="danger" disabled={!alive || everywhere.isPending || everywhere.isSuccess}>
              <LogOut aria-hidden />
              {everywhere.isPending ? t('ending') : t('everywhere.action')}
            </Button>
          }
          title={t('everywhere.title')}
          description={t('everywhere.text')}
          cancel={t('everywhere.cancel')}
          confirm={t('everywhere.action')}
          onConfirm={() => everywhere.mutate()}
        />
      </div>
    </div>
  )
}
