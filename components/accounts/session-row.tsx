'use client'

import { Monitor, Smartphone, Tablet } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { SessionView } from '@/server/accounts/schema.ts'

const icons = { desktop: Monitor, mobile: Smartphone, tablet: Tablet } as const

/** One browser in which the person is signed in. */
export function SessionRow(props: { session: SessionView; ending: boolean; onEnd: () => void }) {
  const t = useTranslations('sessions')
  const alive = useAlive()
  const { browser, system, device, address, current, createdAt, lastSeenAt } = props.session
  const Icon = icons[device ?? 'desktop']
  const known = browser ?? t('unknownBrowser')
  const name = system ? t('on', { browser: known, system }) : known
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-3 first:border-t-0">
      <Icon aria-hidden className="size-5 shrink-0 text-faint" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
          {current && <Badge tone="ok">{t('current')}</Badge>}
        </p>
        <p className="text-muted text-xs">
          <bdi>{address ? t('address', { address }) : t('unknownAddress')}</bdi>
          {' · '}
          {t.rich('lastSeen', { ago: () => <TimeAgo at={lastSeenAt} /> })}
          {' · '}
          {t.rich('createdAt', { ago: () => <TimeAgo at={createdAt} /> })}
        </p>
      </div>
      {!current && (
        <Button
          size="sm"
          className="max-sm:ml-9"
          onClick={props.onEnd}
          disabled={props.ending || !alive}
          aria-label={t('endOf', { browser: name })}
        >
          {props.ending ? t('ending') : t('end')}
        </Button>
      )}
    </li>
  )
}
