'use client'

import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import type { Ring } from '@/server/rotation/schema.ts'

/** Says what the active key did not seal while nobody is at it, and offers to seal it anew. */
export function StaleNote({ ring, pending, onReseal }: { ring: Ring; pending: boolean; onReseal: () => void }) {
  const t = useTranslations('keys.reseal')
  const alive = useAlive()
  const stale = ring.sealed.reduce((sum, { toReseal }) => sum + toReseal, 0)
  const clear = ring.sealed.reduce((sum, { inClear }) => sum + inClear, 0)
  if (ring.round?.state === 'RUNNING' || stale + clear === 0) return null
  return (
    <Banner
      tone={clear > 0 ? 'warn' : 'info'}
      action={
        <Button size="sm" disabled={pending || !alive} onClick={onReseal}>
          {t(pending ? 'pending' : 'action')}
        </Button>
      }
    >
      {clear > 0 && <p>{t('clear', { count: clear })}</p>}
      {stale > 0 && <p>{t('stale', { count: stale })}</p>}
    </Banner>
  )
}
