'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CirclePause, CirclePlay } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import type { ServiceView } from '@/server/deployments/schema.ts'

/** Stops a service that runs, after asking, and starts one that does not. */
export function ServiceSwitch({ view }: { view: ServiceView }) {
  const t = useTranslations('service.switch')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { service } = view
  const onSuccess = (after: ServiceView) => queries.setQueryData(trpc.deployments.service.queryKey({ service }), after)
  const start = useMutation(trpc.deployments.start.mutationOptions({ onSuccess }))
  const stop = useMutation(trpc.deployments.stop.mutationOptions({ onSuccess }))
  if (!view.current) return null
  if (view.state === 'STOPPED' || view.state === 'DOWN') {
    return (
      <Button onClick={() => start.mutate({ service })} disabled={start.isPending}>
        <CirclePlay aria-hidden />
        {start.isPending ? t('starting') : t('start')}
      </Button>
    )
  }
  const trigger = (
    <Button disabled={stop.isPending}>
      <CirclePause aria-hidden />
      {stop.isPending ? t('stopping') : t('stop')}
    </Button>
  )
  return (
    <Confirm
      trigger={trigger}
      title={t('title', { service })}
      description={t('text')}
      cancel={t('cancel')}
      confirm={t('stop')}
      onConfirm={() => stop.mutate({ service })}
    />
  )
}
