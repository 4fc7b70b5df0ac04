'use client'

import { useMutation } from '@tanstack/react-query'
import { UserCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import type { Person } from '@/server/administration/schema.ts'
import { useReadAgain } from './use-act.ts'

/** Lets a person into the beta; an application of theirs is approved with it. */
export function ApproveButton({ person, size = 'md' }: { person: Pick<Person, 'id' | 'name' | 'email'>; size?: 'sm' | 'md' }) {
  const t = useTranslations('users.acts')
  const alive = useAlive()
  const readAgain = useReadAgain()
  const name = person.name ?? person.email
  const approve = useMutation(
    useTRPC().administration.approve.mutationOptions({
      onSuccess: () => toast.success(t('approveDone', { name })),
      onSettled: readAgain,
    }),
  )
  return (
    <Button
      size={size}
      variant={size === 'md' ? 'primary' : 'secondary'}
      disabled={!alive || approve.isPending}
      onClick={() => approve.mutate({ id: person.id })}
    >
      <UserCheck aria-hidden />
      {approve.isPending ? t('pending') : t('approve')}
      {size === 'sm' && <span className="sr-only">{name}</span>}
    </Button>
  )
}
