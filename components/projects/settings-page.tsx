'use client'

import { useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { CodeSettingsCard } from '@/components/ai/code-settings-card.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { LeaveButton } from '@/components/members/leave-button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { DeleteProject } from './delete-project.tsx'
import { RenameForm } from './rename-form.tsx'
import { VisibilityCard } from './visibility-card.tsx'

function DangerZone({ service }: { service: string }) {
  const t = useTranslations('projectSettings.danger')
  const rows = [
    { title: t('leave'), text: t('leaveText'), action: <LeaveButton service={service} size="md" /> },
    { title: t('delete'), text: t('deleteText'), action: <DeleteProject service={service} /> },
  ]
  return (
    <Card className="border-bad/40">
      <CardHeader title={t('title')} />
      <ul>
        {rows.map(({ title, text, action }) => (
          <li key={title} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t p-4 first:border-t-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">{title}</p>
              <p className="text-muted">{text}</p>
            </div>
            {action}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What owners decide about a project itself: its name, who may read it, its end. `built` says whether the name can still change. */
export function SettingsPage({ service, built, domain }: { service: string; built: boolean; domain: string }) {
  const t = useTranslations('projectSettings')
  const { data: project } = useQuery(useTRPC().projects.get.queryOptions({ service }))
  if (!project) return null
  if (project.role !== 'OWNER') {
    return (
      <EmptyState page icon={<Lock aria-hidden />} title={t('ownersOnly.title')}>
        {t('ownersOnly.text')}
      </EmptyState>
    )
  }
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <PageHeader title={t('title')} meta={<bdi className="[overflow-wrap:anywhere]">{project.title}</bdi>} />
      <RenameForm service={service} built={built} domain={domain} />
      <VisibilityCard project={project} />
      <CodeSettingsCard service={service} />
      <DangerZone service={service} />
    </div>
  )
}
