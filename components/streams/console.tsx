'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStream } from '@/components/client/use-stream.ts'
import { useTimeZone } from '@/components/ui/time.tsx'
import { ConsoleLine } from './console-line.tsx'
import { ConsoleToolbar } from './console-toolbar.tsx'
import { useLineHash } from './use-line-hash.ts'
import { useOpened } from './use-opened.ts'
import { type OnMove, useVirtualRows } from './use-virtual-rows.ts'
import './console.css'

const rowHeight = 20
/** Width of a character of the console's font at its size of 12.5 pixels. */
const columnWidth = 7.5

function useClock(): (at: string) => string {
  const timeZone = useTimeZone()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      timeZone: timeZone ?? 'UTC',
    })
    return (at) => format.format(new Date(at))
  }, [timeZone])
}

/** A stream as a terminal shows it, live, from its first line to its last, however many there are. */
export function Console(props: { service: string; streamId: string; tag?: string; rawHref: string; live: boolean }) {
  const t = useTranslations('console')
  const clock = useClock()
  const [line, point] = useLineHash()
  const [times, setTimes] = useState(false)
  const [follow, setFollow] = useState(props.live && line === null)
  const view = useStream({ service: props.service, streamId: props.streamId, tag: props.tag, ...(line ? { from: line } : {}) })
  const opened = useOpened(view, rowHeight)
  const onMove = useCallback<OnMove>(({ up, atEnd }) => setFollow((before) => (up ? false : atEnd || before)), [])
  const rows = useVirtualRows({ count: view.total, height: rowHeight, opened: opened.rows }, onMove)
  const { start, end } = rows

  useEffect(() => view.ensure(start, end), [view, start, end])

  const { scrollToEnd, scrollToRow } = rows
  const go = useRef({ scrollToEnd, scrollToRow })
  go.current = { scrollToEnd, scrollToRow }
  const following = follow && !view.closed
  // biome-ignore lint/correctness/useExhaustiveDependencies: a taller text or window is what the end has to be found again for.
  useEffect(() => {
    if (follow) go.current.scrollToEnd()
  }, [follow, rows.height, view.total, rows.width, rows.viewport])

  // The line that the address points to is shown once it is there; after that the reader scrolls as he likes.
  const shown = useRef<number | null>(null)
  useEffect(() => {
    if (line === null || shown.current === line || rows.width === 0) return
    const row = view.positionOf(line)
    if (row >= view.total) return
    shown.current = line
    setFollow(false)
    go.current.scrollToRow(row, 'centre')
  }, [line, view, rows.width])

  const pointHere = useCallback(
    (seq: number) => {
      shown.current = seq
      point(seq)
    },
    [point],
  )
  const gutter = `${Math.max(4, String(view.seqAt(view.total - 1) ?? 0).length) + 2}ch`
  const columns = Math.floor((rows.width - (times ? 13 * columnWidth : 0)) / columnWidth) - Number.parseInt(gutter, 10)
  return (
    <div className="console bg-term-bg text-term-ink">
      <ConsoleToolbar
        view={view}
        follow={following}
        onFollow={setFollow}
        times={times}
        onTimes={setTimes}
        onTop={() => {
          setFollow(false)
          scrollToRow(0, 'start')
        }}
        onBottom={scrollToEnd}
        rawHref={props.rawHref}
      />
      {view.error && <p className="px-4 py-2 text-[var(--ansi-red)]">{view.error.message}</p>}
      <section
        ref={rows.ref}
        aria-label={t('label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        tabIndex={0}
        className="relative h-[min(70dvh,46rem)] min-h-72 overflow-y-auto overflow-x-hidden overscroll-contain font-mono text-[12.5px] leading-5 [overflow-anchor:none] [scrollbar-color:var(--term-line)_transparent] focus-visible:-outline-offset-2"
      >
        <div style={{ height: rows.height }} className="relative">
          {view.total === 0 && <p className="px-4 py-3 text-term-faint">{view.closed ? t('empty') : t('waiting')}</p>}
          {Array.from({ length: Math.max(0, end - start) }, (_, index) => {
            const row = start + index
            const seq = view.seqAt(row)
            const content = view.lineAt(row)
            return (
              <ConsoleLine
                key={row}
                line={content}
                seq={seq}
                columns={columns}
                time={times && content ? clock(content.at) : null}
                marked={seq !== undefined && seq === line}
                opened={opened.isOpened(seq)}
                top={rows.topOf(row)}
                height={rowHeight}
                gutter={gutter}
                onPoint={pointHere}
                onToggle={opened.toggle}
                onMeasure={opened.measure}
              />
            )
          })}
        </div>
      </section>
    </div>
  )
}
