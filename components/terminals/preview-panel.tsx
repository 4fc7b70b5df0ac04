'use client'

import { AppWindow, Play, RotateCcw, Square } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { FormEvent } from 'react'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { Preview } from '@/server/terminals/schema.ts'
import { PreviewFrame } from './preview-frame.tsx'
import { useCommand, usePreview } from './use-preview.ts'

const tones = { off: 'idle', starting: 'run', ready: 'ok', failed: 'bad', elsewhere: 'warn' } as const

/** What the app said last. */
function Output({ text }: { text: string }) {
  const t = useTranslations('preview')
  if (!text) return null
  return (
    <figure className="grid gap-1.5">
      <figcaption className="font-medium">{t('output')}</figcaption>
      <Scroller className="max-h-72 overflow-auto rounded-md bg-sunken p-3">
        <pre className="whitespace-pre-wrap font-mono text-xs [overflow-wrap:anywhere]">
          <bdi>{text}</bdi>
        </pre>
      </Scroller>
    </figure>
  )
}

function useReason({ reason, exitCode }: Preview): string | null {
  const t = useTranslations('preview')
  if (reason === 'slow') return t('failedSlow')
  if (reason === 'room') return t('failedRoom')
  if (reason === 'exit') return exitCode === null ? t('failedKilled') : t('failedExit', { code: String(exitCode) })
  return null
}

function Body({ preview, pages }: { preview: Preview; pages: boolean }) {
  const t = useTranslations('preview')
  const why = useReason(preview)
  if (preview.state === 'ready' && preview.url) return <PreviewFrame url={preview.url} />
  if (preview.state === 'off')
    return (
      <EmptyState icon={<AppWindow aria-hidden />} title={t('emptyTitle')}>
        {t('emptyText')}
        {pages && <p className="mt-2">{t('pages')}</p>}
      </EmptyState>
    )
  if (preview.state === 'elsewhere')
    return (
      <Banner tone="info" title={t('state.elsewhere')} className="m-3">
        {t('elsewhereText')}
      </Banner>
    )
  return (
    <div className="grid gap-3 p-3">
      {preview.state === 'failed' && (
        <Banner tone="bad" title={t('state.failed')}>
          {why}
        </Banner>
      )}
      <Output text={preview.output} />
    </div>
  )
}

type Work = ReturnType<typeof usePreview>

/** The command, and what starts and ends it. */
function CommandForm({ sessionId, state, work }: { sessionId: string; state: Preview['state']; work: Work }) {
  const t = useTranslations('preview')
  const { preview, suggestion, start, stop } = work
  const [command, setCommand] = useCommand(preview.data?.command, suggestion.data?.command)
  const runs = state === 'starting' || state === 'ready'
  const busy = start.isPending || stop.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) start.mutate({ sessionId, command })
  }
  const aside = (
    <span role="status">
      <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
    </span>
  )
  const plain = { maxLength: 500, spellCheck: false, autoCapitalize: 'off', autoComplete: 'off', className: 'font-mono' }
  return (
    <form onSubmit={submit} className="grid shrink-0 gap-3 p-3">
      <Field label={t('command')} hint={t('commandHint')} aside={aside}>
        {(control) => (
          <Input
            {...{ ...control, ...plain }}
            value={command}
            onChange={(event) => setCommand(event.target.value)}
            placeholder={t('commandPlaceholder')}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant={runs ? 'secondary' : 'primary'} size="sm" aria-disabled={busy}>
          {runs ? <RotateCcw aria-hidden /> : <Play aria-hidden />}
          {start.isPending ? t('starting') : t(runs ? 'restart' : 'start')}
        </Button>
        {runs && (
          <Button size="sm" onClick={() => !busy && stop.mutate({ sessionId })} aria-disabled={busy}>
            <Square aria-hidden />
            {t('stop')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** An app of the conversation's files, started in a sandbox and shown beside the talk about it. */
export function PreviewPanel({ sessionId }: { sessionId: string }) {
  const t = useTranslations('preview')
  const words = useFailureWords()
  const work = usePreview(sessionId)
  const { data, isPending, error } = work.preview
  if (isPending) return <Skeleton className="m-3 h-24" />
  if (!data) {
    const { title, text } = words(error)
    return (
      <Banner tone="bad" title={title} className="m-3">
        {text}
      </Banner>
    )
  }
  return (
    <section aria-label={t('frame')} className="flex min-h-0 flex-1 flex-col">
      <CommandForm sessionId={sessionId} state={data.state} work={work} />
      <Body preview={data} pages={Boolean(work.suggestion.data?.pages)} />
    </section>
  )
}
