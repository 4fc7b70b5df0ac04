'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { DoorOpen } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'

/** Ends one's own membership, after asking, and goes to the dashboard. */
export function LeaveButton({ service, size = 'sm' }: { service: string; size?: 'sm' | 'md' }) {
  const t = useTranslations('members.leave')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const alive = useAlive()
  const leave = useMutation(
    trpc.members.leave.mutationOptions({
      onSuccess: () => {
        router.push('/dashboard')
        return queries.invalidateQueries({ queryKey: trpc.builds.jobs.queryKey() })
      },
    }),
  )
  return (
    <Confirm
      trigger={
        <Button size={size} disabled={leave.isPending || leave.isSuccess || !alive}>
          <DoorOpen aria-hidden />
          {leave.isPending ? t('pending') : t('action')}
        </Button>
      }
      title={t('title', { service })}
      description={t('text')}
      cancel={t('cancel')}
      confirm={t('action')}
      onConfirm={() => leave.mutate({ service })}
    />
  )
}
