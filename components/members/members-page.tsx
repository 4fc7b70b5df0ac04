'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { InvitationTable } from './invitation-table.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberTable } from './member-table.tsx'

/** The people of a project; owners also see whom they have invited, and invite. */
export function MembersPage({ service }: { service: string }) {
  const t = useTranslations('members')
  const { data: project } = useQuery(useTRPC().projects.get.queryOptions({ service }))
  if (!project) return null
  const manages = project.role === 'OWNER'
  return (
    <div className="grid grid-cols-1 gap-4">
      <PageHeader title={t('title')} meta={<span className="max-w-prose">{t('intro')}</span>} />
      {manages && <InviteForm service={service} />}
      <MemberTable service={service} manages={manages} />
      {manages && <InvitationTable service={service} />}
    </div>
  )
}
