'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Send, X } from 'lucide-react'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo, useTimeZone } from '@/components/ui/time.tsx'
import type { Invitation } from '@/server/members/schema.ts'
import { useInvitations } from './use-members.ts'

/** Sending again and taking back: both change the list. */
function useAnswers(service: string) {
  const t = useTranslations('members')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: trpc.members.invitations.infiniteQueryKey({ service }) })
  const again = useMutation(
    trpc.members.invite.mutationOptions({ onSuccess: ({ email }) => toast.success(t('invite.sent', { email })), onSettled }),
  )
  const withdraw = useMutation(trpc.members.withdraw.mutationOptions({ onSettled }))
  return { again, withdraw }
}

function Answers({ service, invitation }: { service: string; invitation: Invitation }) {
  const t = useTranslations('members.invitations')
  const locale = useLocale()
  const alive = useAlive()
  const { again, withdraw } = useAnswers(service)
  const { id, email, role } = invitation
  const busy = again.isPending || withdraw.isPending || !alive
  const onSuccess = () => toast.success(t('withdrawn', { email }))
  return (
    <span className="inline-flex gap-2">
      <Button size="sm" aria-label={t('againTo', { email })} disabled={busy} onClick={() => again.mutate({ service, email, role, locale })}>
        <Send aria-hidden />
        {t('again')}
      </Button>
      <Confirm
        trigger={
          <Button size="sm" variant="danger" aria-label={t('withdrawOf', { email })} disabled={busy}>
            <X aria-hidden />
            {t('withdraw')}
          </Button>
        }
        title={t('withdrawTitle')}
        description={t('withdrawText', { email })}
        cancel={t('keep')}
        confirm={t('withdraw')}
        onConfirm={() => withdraw.mutate({ service, id }, { onSuccess })}
      />
    </span>
  )
}

function Row({ service, invitation }: { service: string; invitation: Invitation }) {
  const t = useTranslations('members')
  const format = useFormatter()
  const timeZone = useTimeZone() ?? 'UTC'
  const { email, role, invitedBy, createdAt, expiresAt, expired } = invitation
  return (
    <Tr>
      <Td className="min-w-48">
        <bdi className="[overflow-wrap:anywhere]">{email}</bdi>
        {invitedBy && <bdi className="block text-faint text-xs">{t('invitations.by', { name: invitedBy })}</bdi>}
      </Td>
      <Td className="w-0 whitespace-nowrap">{t(`roles.${role}`)}</Td>
      <Td className="hidden text-muted sm:table-cell">
        <TimeAgo at={createdAt} />
      </Td>
      <Td className="whitespace-nowrap text-muted">
        {expired ? (
          <Badge tone="warn">{t('invitations.expired')}</Badge>
        ) : (
          format.dateTime(new Date(expiresAt), { dateStyle: 'medium', timeZone })
        )}
      </Td>
      <Td className="w-0 text-right">
        <Answers service={service} invitation={invitation} />
      </Td>
    </Tr>
  )
}

/** Whom the owners have invited and who has not answered yet. */
export function InvitationTable({ service }: { service: string }) {
  const t = useTranslations('members')
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = useInvitations(service)
  return (
    <Card>
      <CardHeader title={t('invitations.title')} />
      {items.length === 0 ? (
        <p className="p-4 text-faint">{t('invitations.none')}</p>
      ) : (
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('invitations.email')}</Th>
              <Th>{t('role')}</Th>
              <Th className="hidden sm:table-cell">{t('invitations.sent')}</Th>
              <Th>{t('invitations.expires')}</Th>
              <Td />
            </tr>
          </thead>
          <tbody>
            {items.map((invitation) => (
              <Row key={invitation.id} service={service} invitation={invitation} />
            ))}
          </tbody>
        </Table>
      )}
      {hasNextPage && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => fetchNextPage()} disabled={isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </Card>
  )
}
