'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { Draft } from './panel-store.ts'
import { TextFile } from './text-file.tsx'
import type { Files } from './use-files.ts'

/** Where one file's bytes are. */
export const fileAddress = (sessionId: string, path: string, version = '') =>
  `/api/files/${sessionId}/file?path=${encodeURIComponent(path)}${version && `&v=${version}`}`

interface Props {
  sessionId: string
  path: string
  draft: Draft | undefined
  files: Files
  onDraft: (draft: Draft | null) => void
  onClose: () => void
}

function NoText({ sessionId, file }: { sessionId: string; file: { path: string; bytes: number; hash: string; mediaType: string } }) {
  const t = useTranslations('files')
  const address = fileAddress(sessionId, file.path, file.hash)
  if (file.mediaType.startsWith('image/')) {
    return (
      <div className="flex min-h-0 flex-1 items-center justify-center overflow-auto bg-sunken p-4">
        {/* biome-ignore lint/performance/noImgElement: a file of the conversation as it is, at no known size. */}
        <img src={address} alt={t('image', { path: file.path })} className="max-h-full max-w-full object-contain" />
      </div>
    )
  }
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center text-muted">
      <p>{t('binary')}</p>
      <ByteSize bytes={file.bytes} />
      <Button asChild size="sm">
        <a href={address}>
          <Download aria-hidden />
          {t('download')}
        </a>
      </Button>
    </div>
  )
}

/** One file: its text in the editor, a picture as such, and of anything else what it is. */
export function FileView({ sessionId, path, draft, files, onDraft, onClose }: Props) {
  const t = useTranslations('files')
  const words = useFailureWords()
  const { data, error } = useQuery(useTRPC().files.read.queryOptions({ sessionId, path }, { retry: false }))
  const told = error ? words(error) : null
  const gone = error !== null && failureOf(error).code === 'NOT_FOUND'
  // What was typed stays in sight, whatever became of its file meanwhile.
  const stored = gone || !data ? draft?.base : data
  return (
    <section aria-label={t('open', { path })} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex items-center gap-1 border-b px-1.5 py-1">
        <Button variant="ghost" size="icon-sm" className="@2xl:hidden" aria-label={t('back')} onClick={onClose}>
          <ArrowLeft aria-hidden />
        </Button>
        <bdi className="min-w-0 flex-1 truncate px-1 font-mono text-xs" title={path}>
          {path}
        </bdi>
        <Button asChild variant="ghost" size="icon-sm">
          <a href={fileAddress(sessionId, path)} aria-label={t('downloadOne', { path })}>
            <Download aria-hidden />
          </a>
        </Button>
      </header>
      {told && (
        <Banner tone="bad" title={told.title} className="m-2">
          {told.text}
        </Banner>
      )}
      {!data && !told && <Skeleton className="m-3 flex-1" />}
      {data && !gone && data.text === null && <NoText sessionId={sessionId} file={data} />}
      {stored && stored.text !== null && (
        <TextFile key={path} {...{ sessionId, path, draft, files, gone, onDraft }} stored={{ text: stored.text, hash: stored.hash }} />
      )}
    </section>
  )
}
