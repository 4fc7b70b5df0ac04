'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { UserMinus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import type { Member } from '@/server/members/schema.ts'

/** Ends somebody else's membership, after asking. */
export function RemoveButton({ service, member }: { service: string; member: Member }) {
  const t = useTranslations('members.remove')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const alive = useAlive()
  const name = member.name ?? member.email
  const remove = useMutation(
    trpc.members.remove.mutationOptions({
      onSuccess: () => toast.success(t('done', { name })),
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.members.list.infiniteQueryKey({ service }) }),
    }),
  )
  return (
    <Confirm
      trigger={
        <Button size="sm" variant="danger" aria-label={t('of', { name })} disabled={remove.isPending || !alive}>
          <UserMinus aria-hidden />
          {t('action')}
        </Button>
      }
      title={<bdi>{t('title', { name })}</bdi>}
      description={<bdi>{t('text', { name })}</bdi>}
      cancel={t('cancel')}
      confirm={t('action')}
      onConfirm={() => remove.mutate({ service, userId: member.userId })}
    />
  )
}
