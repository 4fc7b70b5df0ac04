'use client'

import { useTranslations } from 'next-intl'
import { Avatar } from '@/components/ui/avatar.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Member } from '@/server/members/schema.ts'
import { LeaveButton } from './leave-button.tsx'
import { RemoveButton } from './remove-button.tsx'
import { RoleSelect } from './role-select.tsx'
import { useMembers } from './use-members.ts'

function Person({ member }: { member: Member }) {
  const t = useTranslations('members')
  const name = member.name ?? member.email
  return (
    <div className="flex min-w-44 items-center gap-2.5">
      <span className="shrink-0">
        <Avatar name={name} image={member.image} />
      </span>
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium">
          <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
          {member.you && <Badge>{t('you')}</Badge>}
        </p>
        {member.name && <bdi className="block text-faint text-xs [overflow-wrap:anywhere]">{member.email}</bdi>}
      </div>
    </div>
  )
}

function Row({ service, member, manages }: { service: string; member: Member; manages: boolean }) {
  const t = useTranslations('members')
  return (
    <Tr>
      <Td>
        <Person member={member} />
      </Td>
      <Td className="w-0">{manages ? <RoleSelect service={service} member={member} /> : t(`roles.${member.role}`)}</Td>
      <Td className="hidden text-muted sm:table-cell">
        <TimeAgo at={member.since} />
      </Td>
      <Td className="w-0 text-right">
        {member.you ? <LeaveButton service={service} /> : manages && <RemoveButton service={service} member={member} />}
      </Td>
    </Tr>
  )
}

/** Who is in the project and as what; owners change both. */
export function MemberTable({ service, manages }: { service: string; manages: boolean }) {
  const t = useTranslations('members')
  const { items, hasNextPage, fetchNextPage, isFetchingNextPage } = useMembers(service)
  return (
    <Card>
      <CardHeader title={t('title')} />
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('person')}</Th>
            <Th>{t('role')}</Th>
            <Th className="hidden sm:table-cell">{t('since')}</Th>
            <Td />
          </tr>
        </thead>
        <tbody>
          {items.map((member) => (
            <Row key={member.userId} service={service} member={member} manages={manages} />
          ))}
        </tbody>
      </Table>
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
