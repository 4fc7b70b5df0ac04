'use client'

import { ChevronDown, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useLayoutEffect, useMemo, useRef } from 'react'
import type { StreamLine } from '@/components/client/stream-view.ts'
import { cn } from '@/components/ui/cn.ts'
import { ansiSpans, columnsOf, type Span } from './ansi.ts'

/** Of a line that is cut on the screen no more than this is put into the page. */
const longestCut = 1_000

function Pieces({ spans, limit }: { spans: Span[]; limit: number }) {
  let left = limit
  return spans.map((span, index) => {
    if (left <= 0) return null
    const text = span.text.slice(0, left)
    left -= text.length
    if (!span.className && !span.color && !span.background) return text
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change places.
      <span key={index} className={span.className} style={{ color: span.color, backgroundColor: span.background }}>
        {text}
      </span>
    )
  })
}

export interface ConsoleLineProps {
  line: StreamLine | undefined
  seq: number | undefined
  columns: number
  time: string | null
  marked: boolean
  opened: boolean
  top: number
  height: number
  gutter: string
  onPoint: (seq: number) => void
  onToggle: (seq: number) => void
  /** An opened line's height in pixels, once it is drawn. */
  onMeasure: (seq: number, height: number) => void
}

/** One line: its number, which is a link to it, its time if wanted, its text in its colours. */
export const ConsoleLine = memo(function ConsoleLine(props: ConsoleLineProps) {
  const t = useTranslations('console')
  const { line, seq, opened, onMeasure } = props
  const root = useRef<HTMLDivElement>(null)
  const spans = useMemo(() => (line?.text == null ? [] : ansiSpans(line.text)), [line])
  const long = useMemo(() => spans.reduce((sum, span) => sum + columnsOf(span.text), 0) > props.columns, [spans, props.columns])
  useLayoutEffect(() => {
    if (opened && seq !== undefined && root.current) onMeasure(seq, root.current.offsetHeight)
  })
  return (
    <div
      ref={root}
      className={cn('absolute inset-x-0 flex hover:bg-term-raised', props.marked && 'bg-term-mark hover:bg-term-mark')}
      style={{ top: props.top, minHeight: props.height }}
    >
      <a
        href={`#L${seq ?? ''}`}
        tabIndex={-1}
        aria-label={t('linkTo', { line: seq ?? 0 })}
        style={{ width: props.gutter }}
        className="tabular shrink-0 select-none pr-3 text-right text-term-faint hover:text-term-ink"
        onClick={(event) => {
          event.preventDefault()
          if (seq !== undefined) props.onPoint(seq)
        }}
      >
        {seq}
      </a>
      {props.time && <span className="tabular shrink-0 select-none pr-3 text-term-faint">{props.time}</span>}
      <span className={cn('min-w-0 flex-1', opened ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : 'overflow-hidden whitespace-pre')}>
        {line?.text === null && <em className="text-term-faint">{t('unreadable')}</em>}
        <Pieces spans={spans} limit={opened ? Number.POSITIVE_INFINITY : longestCut} />
      </span>
      {(long || opened) && seq !== undefined && (
        <button
          type="button"
          onClick={() => props.onToggle(seq)}
          aria-expanded={opened}
          aria-label={opened ? t('cut') : t('expand')}
          className="flex h-5 shrink-0 items-center rounded bg-term-raised px-1 text-term-faint hover:text-term-ink"
        >
          {opened ? <ChevronDown aria-hidden className="size-3.5" /> : <ChevronRight aria-hidden className="size-3.5" />}
        </button>
      )}
    </div>
  )
})
