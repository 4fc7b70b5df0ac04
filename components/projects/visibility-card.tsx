'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Globe, Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import type { Project } from '@/server/projects/schema.ts'

/** What becomes everybody's to read, in plain words. */
function Consequences() {
  const t = useTranslations('projectSettings.visibility')
  return (
    <div className="text-muted">
      <p>{t('becomes')}</p>
      <ul className="mt-1 list-disc pl-5">
        {(['overview', 'builds', 'console', 'artifacts'] as const).map((what) => (
          <li key={what}>{t(`list.${what}`)}</li>
        ))}
      </ul>
      <p className="mt-2">{t('stays')}</p>
    </div>
  )
}

/** Opening is asked for twice, closing is not. */
function VisibilitySwitch({ service, publicRead }: { service: string; publicRead: boolean }) {
  const t = useTranslations('projectSettings.visibility')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const alive = useAlive()
  const change = useMutation(
    trpc.projects.setPublicRead.mutationOptions({
      onSuccess: (after) => {
        toast.success(t(after.publicRead ? 'opened' : 'closed'))
        return queries.invalidateQueries({ queryKey: trpc.projects.get.queryKey({ service }) })
      },
    }),
  )
  const disabled = change.isPending || !alive
  if (publicRead) {
    return (
      <Button disabled={disabled} onClick={() => change.mutate({ service, publicRead: false })}>
        <Lock aria-hidden />
        {change.isPending ? t('pending') : t('close.action')}
      </Button>
    )
  }
  return (
    <Confirm
      trigger={
        <Button disabled={disabled}>
          <Globe aria-hidden />
          {change.isPending ? t('pending') : t('open.action')}
        </Button>
      }
      title={t('open.title', { service })}
      description={t('open.text')}
      cancel={t('open.cancel')}
      confirm={t('open.action')}
      onConfirm={() => change.mutate({ service, publicRead: true })}
    />
  )
}

/** Whether everybody may read the build pages, and what that means. */
export function VisibilityCard({ project }: { project: Project }) {
  const t = useTranslations('projectSettings.visibility')
  const members = useTranslations('members')
  const { service, publicRead } = project
  const Icon = publicRead ? Globe : Lock
  return (
    <Card>
      <CardHeader title={t('title')}>{publicRead && <Badge tone="run">{members('public')}</Badge>}</CardHeader>
      <CardBody className="grid gap-4">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p className="flex min-w-0 flex-1 basis-64 items-start gap-2.5 font-medium">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
            {t(publicRead ? 'public' : 'private')}
          </p>
          <VisibilitySwitch service={service} publicRead={publicRead} />
        </div>
        <Consequences />
      </CardBody>
    </Card>
  )
}
