'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Select } from '@/components/ui/input.tsx'
import { type Member, type MemberRole, memberRoles } from '@/server/members/schema.ts'

/** A member's role, to be changed at once; who gives up their own ownership is asked first. */
export function RoleSelect({ service, member }: { service: string; member: Member }) {
  const t = useTranslations('members')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const alive = useAlive()
  const [asked, setAsked] = useState<MemberRole | null>(null)
  const name = member.name ?? member.email
  const change = useMutation(
    trpc.members.changeRole.mutationOptions({
      onSuccess: (_, { role }) => toast.success(t('changed', { name, role })),
      onSettled: () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: trpc.members.list.infiniteQueryKey({ service }) }),
          member.you && queries.invalidateQueries({ queryKey: trpc.projects.get.queryKey({ service }) }),
        ]),
    }),
  )
  const choose = (role: MemberRole) => {
    if (member.you && member.role === 'OWNER') setAsked(role)
    else change.mutate({ service, userId: member.userId, role })
  }
  return (
    <>
      <Select
        aria-label={t('roleOf', { name })}
        title={t(`can.${member.role}`)}
        value={change.isPending ? change.variables.role : member.role}
        disabled={change.isPending || !alive}
        onChange={({ target }) => choose(target.value as MemberRole)}
      >
        {[...memberRoles].reverse().map((role) => (
          <option key={role} value={role}>
            {t(`roles.${role}`)}
          </option>
        ))}
      </Select>
      <Confirm
        open={asked !== null}
        onOpenChange={(open) => open || setAsked(null)}
        title={t('demote.title')}
        description={t('demote.text')}
        cancel={t('demote.cancel')}
        confirm={t('demote.confirm')}
        onConfirm={() => asked && change.mutate({ service, userId: member.userId, role: asked })}
      />
    </>
  )
}
