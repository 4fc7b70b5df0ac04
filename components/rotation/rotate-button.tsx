'use client'

import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'

/** Gives a ring a new key, once it was said what that does. */
export function RotateButton(props: { platform?: boolean; size?: 'sm' | 'md'; pending: boolean; onRotate: () => void }) {
  const t = useTranslations('keys.rotate')
  const alive = useAlive()
  return (
    <Confirm
      trigger={
        <Button size={props.size ?? 'md'} disabled={props.pending || !alive}>
          <RefreshCw aria-hidden />
          {t(props.pending ? 'pending' : 'action')}
        </Button>
      }
      title={t('title')}
      description={t(props.platform ? 'platformText' : 'text')}
      cancel={t('cancel')}
      confirm={t('action')}
      tone="primary"
      onConfirm={props.onRotate}
    />
  )
}
