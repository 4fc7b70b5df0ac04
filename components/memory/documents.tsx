'use client'

import { useQuery } from '@tanstack/react-query'
import { FileText, FileUp, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCallback, useRef } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFocusKept } from '@/components/client/use-focus-kept.ts'
import { useReadAgain } from '@/components/client/use-workspace.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { documentLimits } from '@/server/memory/schema.ts'
import { DocumentRow } from './document-row.tsx'
import { DropArea } from './drop-area.tsx'
import { SearchBox } from './search-box.tsx'
import { type Upload, useUploads } from './use-uploads.ts'

/** While something is being read, the list is asked for again so often: the hint of a change may get lost. */
const readingEveryMs = 4_000

function UploadRow({ upload, onStop }: { upload: Upload; onStop: () => void }) {
  const t = useTranslations('documents')
  return (
    <li className="flex items-center gap-3 border-t px-4 py-2.5 first:border-t-0">
      <FileUp aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="truncate text-sm">
          <bdi>{upload.name}</bdi>
        </p>
        <Progress value={upload.sent} label={t('uploading', { name: upload.name })} />
      </div>
      <Button size="icon" variant="ghost" aria-label={t('cancelUpload', { name: upload.name })} onClick={onStop}>
        <X aria-hidden />
      </Button>
    </li>
  )
}

function useDocuments(agentId: string) {
  const trpc = useTRPC()
  const query = useQuery(
    trpc.memory.list.queryOptions(
      { agentId },
      { refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'reading') ? readingEveryMs : false) },
    ),
  )
  const { refetch } = query
  useReadAgain(['agents'], () => refetch())
  return { ...query, again: useCallback(() => void refetch(), [refetch]) }
}

/** The documents that an agent looks things up in: to its owner to add and remove, to others to see; and a search to try out. */
export function AgentDocuments({ agentId, mayEdit }: { agentId: string; mayEdit: boolean }) {
  const t = useTranslations('documents')
  const { data, isError, again } = useDocuments(agentId)
  const { uploads, add, stop } = useUploads(agentId, again)
  const items = data?.items ?? []
  const shown = useRef<HTMLDivElement>(null)
  useFocusKept(shown, { rows: 'ul > li', instead: '[data-add-document]' })
  const empty = items.length === 0 && uploads.length === 0
  return (
    <div ref={shown} className="grid max-w-4xl gap-4">
      <p className="max-w-prose text-muted text-sm">{t('hint', { megabytes: documentLimits.bytes / 1024 ** 2 })}</p>
      {mayEdit && <DropArea onFiles={add} />}
      {isError && !data && (
        <Banner tone="bad">
          {t('failed')} <Button onClick={again}>{t('again')}</Button>
        </Banner>
      )}
      {!data && !isError && <Skeleton className="h-32" />}
      {data && (
        <Card>
          <CardHeader title={t('title')}>
            {items.length > 0 && <span className="tabular text-faint text-xs">{t('count', { count: items.length })}</span>}
          </CardHeader>
          {empty ? (
            <EmptyState icon={<FileText aria-hidden />} title={t('none')} className="py-10">
              {mayEdit ? t('noneHint') : t('noneYours')}
            </EmptyState>
          ) : (
            <ul aria-label={t('list')}>
              {uploads.map((upload) => (
                <UploadRow key={upload.key} upload={upload} onStop={() => stop(upload.key)} />
              ))}
              {items.map((document) => (
                <DocumentRow key={document.id} agentId={agentId} document={document} mayEdit={mayEdit} onRemoved={again} />
              ))}
            </ul>
          )}
        </Card>
      )}
      {items.some(({ state }) => state === 'ready') && <SearchBox agentId={agentId} />}
    </div>
  )
}
