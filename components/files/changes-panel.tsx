'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRight, FileDiff, FileMinus2, FilePen, FilePlus2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCallback, useState } from 'react'
import { DiffView } from '@/components/artifacts/diff-view.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { useFileChanges } from './use-file-changes.ts'

interface Changed {
  path: string
  kind: 'added' | 'changed' | 'deleted'
  added: number
  removed: number
  diff: string | null
}

const icons = { added: FilePlus2, changed: FilePen, deleted: FileMinus2 } as const
const tones = { added: 'text-ok', changed: 'text-run', deleted: 'text-bad' } as const

function File({ file, open, onToggle }: { file: Changed; open: boolean; onToggle: () => void }) {
  const t = useTranslations('files.changes')
  const Icon = icons[file.kind]
  return (
    <li className="border-b">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex w-full min-w-0 items-center gap-2 px-3 py-2 text-left text-sm hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <ChevronRight aria-hidden className={cn('size-3.5 shrink-0 text-faint transition-transform', open && 'rotate-90')} />
        <Icon aria-hidden className={cn('size-4 shrink-0', tones[file.kind])} />
        <bdi className={cn('min-w-0 flex-1 truncate font-mono text-xs', file.kind === 'deleted' && 'line-through')}>{file.path}</bdi>
        <span className={cn('shrink-0 text-xs', tones[file.kind])}>{t(file.kind)}</span>
        <span className="tabular shrink-0 text-xs">
          <span className="sr-only">{t('counts', { added: file.added, removed: file.removed })}</span>
          <span aria-hidden>
            <span className="text-ok">+{file.added}</span> <span className="text-bad">−{file.removed}</span>
          </span>
        </span>
      </button>
      {open && (
        <div className="overflow-hidden border-t bg-surface p-4">
          {file.diff ? (
            <DiffView text={file.diff} />
          ) : (
            <p className="text-muted text-sm">{file.diff === '' ? t('emptyFile') : t('noDiff')}</p>
          )}
        </div>
      )}
    </li>
  )
}

interface Props {
  sessionId: string
  changes: { messageId: string | null; all: () => void }
}

/** What agents changed in a conversation's files: since it began, or with one answer. */
export function ChangesPanel({ sessionId, changes: { messageId, all } }: Props) {
  const t = useTranslations('files.changes')
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      {messageId && (
        <div
          role="status"
          className="flex shrink-0 items-center justify-between gap-2 border-b bg-accent-soft py-1 pr-1 pl-3 text-accent text-xs"
        >
          {t('ofAnswer')}
          <Button variant="ghost" size="sm" onClick={all}>
            {t('all')}
          </Button>
        </div>
      )}
      <Changes key={messageId} sessionId={sessionId} messageId={messageId} />
    </div>
  )
}

function Changes({ sessionId, messageId }: { sessionId: string; messageId: string | null }) {
  const t = useTranslations('files.changes')
  const words = useFailureWords()
  const trpc = useTRPC()
  const client = useQueryClient()
  const input = { sessionId, ...(messageId && { messageId }) }
  const { data, error } = useQuery(trpc.files.diff.queryOptions(input))
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const read = useCallback(() => client.invalidateQueries({ queryKey: trpc.files.diff.queryKey() }), [client, trpc])
  useFileChanges(sessionId, read)
  if (error) {
    const { title, text } = words(error)
    return (
      <Banner tone="bad" title={title} className="m-3">
        {text}
      </Banner>
    )
  }
  if (!data) return <Skeleton className="m-3 h-24" />
  if (data.files.length === 0) {
    return (
      <EmptyState icon={<FileDiff aria-hidden />} title={t('none')}>
        {t(messageId ? 'noneOfMessage' : 'noneText')}
      </EmptyState>
    )
  }
  const sum = (pick: (file: Changed) => number) => data.files.reduce((total, file) => total + pick(file), 0)
  const toggle = (path: string) =>
    setClosed((before) => {
      const next = new Set(before)
      if (!next.delete(path)) next.add(path)
      return next
    })
  // Many files begin folded, few unfolded.
  const few = data.files.length <= 5
  return (
    <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
      <p className="border-b px-3 py-2 text-muted text-xs">
        {t('summary', { files: data.files.length, added: sum(({ added }) => added), removed: sum(({ removed }) => removed) })}
      </p>
      <ul>
        {data.files.map((file) => (
          <File key={file.path} file={file} open={closed.has(file.path) !== few} onToggle={() => toggle(file.path)} />
        ))}
      </ul>
      {data.cut && <p className="px-3 py-2 text-faint text-xs">{t('cut')}</p>}
    </div>
  )
}
