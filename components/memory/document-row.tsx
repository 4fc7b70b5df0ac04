'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleX, FileText, LoaderCircle, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { MemoryDocument } from '@/server/memory/schema.ts'

const looks = {
  reading: { tone: 'run', Icon: LoaderCircle },
  ready: { tone: 'ok', Icon: CircleCheck },
  failed: { tone: 'bad', Icon: CircleX },
} as const

function DocumentStateBadge({ state }: { state: MemoryDocument['state'] }) {
  const t = useTranslations('documents.states')
  const { tone, Icon } = looks[state]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={state === 'reading' ? 'motion-safe:animate-spin' : undefined} />
      {t(state)}
    </Badge>
  )
}

type ReasonKey = Parameters<ReturnType<typeof useTranslations<'documents.reasons'>>>[0]

interface Props {
  agentId: string
  document: MemoryDocument
  mayEdit: boolean
  onRemoved: () => void
}

function RemoveButton({ agentId, document: { id, name }, onRemoved }: Props) {
  const t = useTranslations('documents')
  const alive = useAlive()
  const remove = useMutation(
    useTRPC().memory.remove.mutationOptions({
      onSuccess: () => {
        toast.success(t('removed', { name }))
        onRemoved()
      },
    }),
  )
  return (
    <Confirm
      trigger={
        <Button size="icon" variant="ghost" disabled={!alive || remove.isPending} aria-label={t('remove', { name })}>
          <Trash2 aria-hidden />
        </Button>
      }
      title={t('removeTitle')}
      description={t('removeText', { name })}
      cancel={t('cancel')}
      confirm={t('removeYes')}
      onConfirm={() => remove.mutate({ agentId, id })}
    />
  )
}

/** One document: what it is, how its reading went, and a way to take it away again. */
export function DocumentRow(props: Props) {
  const { document, mayEdit } = props
  const { name, bytes, state, reason, chunks, createdAt } = document
  const t = useTranslations('documents')
  const reasons = useTranslations('documents.reasons')
  return (
    <li className="flex items-center gap-3 border-t px-4 py-2.5 first:border-t-0">
      <FileText aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          <bdi className="min-w-0 [overflow-wrap:anywhere]">{name}</bdi>
          <DocumentStateBadge state={state} />
        </p>
        <p className="flex flex-wrap gap-x-2 text-faint text-xs">
          <ByteSize bytes={bytes} />
          {state === 'ready' && <span>{t('passages', { count: chunks })}</span>}
          <TimeAgo at={createdAt} />
        </p>
        {state === 'failed' && (
          <p className="text-bad text-xs">{reason && reasons.has(reason as ReasonKey) ? reasons(reason as ReasonKey) : reasons('other')}</p>
        )}
      </div>
      {mayEdit && <RemoveButton {...props} />}
    </li>
  )
}
