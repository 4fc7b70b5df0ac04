'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useState } from 'react'
import { useStream } from '@/components/client/use-stream.ts'
import { useTimeZone } from '@/components/ui/time.tsx'
import { ConsoleLines } from './console-lines.tsx'
import { ConsoleToolbar } from './console-toolbar.tsx'
import { useLineHash } from './use-line-hash.ts'
import { useOpened } from './use-opened.ts'
import { usePlace } from './use-place.ts'
import './console.css'

const rowHeight = 20
const scroller =
  'relative max-h-[min(70dvh,46rem)] min-h-48 overflow-y-auto overflow-x-hidden overscroll-contain font-mono text-[12.5px] leading-5 [overflow-anchor:none] [scrollbar-color:var(--term-line)_transparent] focus-visible:-outline-offset-2'

/** Writes the time of day to the millisecond, in the reader's zone. */
function useClock(): (at: string) => string {
  const timeZone = useTimeZone() ?? 'UTC'
  return useMemo(() => {
    const two = '2-digit'
    const format = new Intl.DateTimeFormat('en-GB', { hour: two, minute: two, second: two, fractionalSecondDigits: 3, timeZone })
    return (at) => format.format(new Date(at))
  }, [timeZone])
}

/** A stream as a terminal shows it, live, from its first line to its last, however many there are. */
export function Console(props: { service: string; streamId: string; tag?: string | undefined; rawHref: string; live: boolean }) {
  const t = useTranslations('console')
  const clock = useClock()
  const [times, setTimes] = useState(false)
  const [line, point] = useLineHash()
  const view = useStream({ service: props.service, streamId: props.streamId, tag: props.tag, from: line ?? undefined })
  const opened = useOpened(view, rowHeight)
  const place = usePlace({ view, opened, rowHeight, line, live: props.live })
  const { rows, stay } = place
  const pointHere = useCallback(
    (seq: number) => {
      stay(seq)
      point(seq)
    },
    [stay, point],
  )
  return (
    <div className="console bg-term-bg text-term-ink">
      <ConsoleToolbar view={view} place={place} times={times} onTimes={setTimes} rawHref={props.rawHref} />
      {view.error && <p className="px-4 py-2 text-[var(--ansi-red)]">{view.error.message}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <section ref={rows.ref} aria-label={t('label')} tabIndex={0} onKeyDown={place.onKeyDown} className={scroller}>
        <div style={{ height: rows.height }} className="relative">
          {view.total === 0 && <p className="px-4 py-3 text-term-faint">{view.closed ? t('empty') : t('waiting')}</p>}
          <ConsoleLines
            view={view}
            rows={rows}
            opened={opened}
            rowHeight={rowHeight}
            clock={times ? clock : null}
            marked={line}
            onPoint={pointHere}
          />
        </div>
      </section>
    </div>
  )
}
