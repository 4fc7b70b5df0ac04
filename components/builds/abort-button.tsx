'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { OctagonX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'

/** Ends a running build, once the reader has said so twice. */
export function AbortButton({ service, number }: { service: string; number: number }) {
  const t = useTranslations('build.abort')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const abort = useMutation(
    trpc.builds.abort.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.builds.get.queryKey({ service, number }) }),
    }),
  )
  return (
    <Confirm
      trigger={
        <Button variant="danger" disabled={abort.isPending}>
          <OctagonX aria-hidden />
          {abort.isPending ? t('pending') : t('action')}
        </Button>
      }
      title={t('title', { number })}
      description={t('text')}
      cancel={t('cancel')}
      confirm={t('action')}
      onConfirm={() => abort.mutate({ service, number })}
    />
  )
}
