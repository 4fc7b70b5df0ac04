'use client'

import { ArrowDownToLine, ArrowUpToLine, Clock3, Download, LoaderCircle, PlugZap, Radio, Square } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import type { StreamView } from '@/components/client/stream-view.ts'
import { Toggle } from '@/components/ui/toggle.tsx'
import type { usePlace } from './use-place.ts'

const quiet =
  'inline-flex h-7 shrink-0 items-center gap-1.5 rounded px-2 font-medium text-xs text-term-faint hover:bg-term-line hover:text-term-ink [&_svg]:size-3.5'
const pressed = 'text-term-faint hover:bg-term-line hover:text-term-ink data-[state=on]:bg-term-line data-[state=on]:text-term-ink'

function Connection({ view }: { view: StreamView }) {
  const t = useTranslations('console')
  if (view.closed) return <Square aria-label={t('closed')} className="size-3 text-term-faint" />
  const [Icon, words] = (
    {
      live: [Radio, t('live')],
      connecting: [LoaderCircle, t('connecting')],
      offline: [PlugZap, t('offline')],
      failed: [PlugZap, t('failed')],
    } as const
  )[view.state]
  return (
    <span role="status" className="inline-flex items-center gap-1.5">
      <Icon aria-hidden className={view.state === 'connecting' ? 'size-3.5 animate-spin-slow' : 'size-3.5'} />
      {words}
    </span>
  )
}

/** What can be done with a console: follow it, see when lines came, go to its ends, take it away whole. */
export function ConsoleToolbar(props: {
  view: StreamView
  place: Pick<ReturnType<typeof usePlace>, 'follow' | 'setFollow' | 'toTop' | 'toEnd'>
  times: boolean
  onTimes: (times: boolean) => void
  rawHref: string
}) {
  const t = useTranslations('console')
  const format = useFormatter()
  return (
    <div className="flex flex-wrap items-center gap-1 border-term-line border-b px-2 py-1.5 text-term-faint text-xs">
      <span className="tabular mr-auto inline-flex items-center gap-2 px-1">
        <Connection view={props.view} />
        <span>{t('lines', { count: props.view.total, shown: format.number(props.view.total) })}</span>
      </span>
      {!props.view.closed && (
        <Toggle className={pressed} pressed={props.place.follow} onPressedChange={props.place.setFollow}>
          <ArrowDownToLine aria-hidden />
          {t('follow')}
        </Toggle>
      )}
      <Toggle className={pressed} pressed={props.times} onPressedChange={props.onTimes}>
        <Clock3 aria-hidden />
        <span className="max-sm:sr-only">{t('times')}</span>
      </Toggle>
      <button type="button" className={quiet} onClick={props.place.toTop} aria-label={t('top')} title={t('top')}>
        <ArrowUpToLine aria-hidden />
      </button>
      <button type="button" className={quiet} onClick={props.place.toEnd} aria-label={t('bottom')} title={t('bottom')}>
        <ArrowDownToLine aria-hidden />
      </button>
      <a className={quiet} href={props.rawHref} download>
        <Download aria-hidden />
        {t('raw')}
      </a>
    </div>
  )
}
