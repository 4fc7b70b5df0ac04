'use client'

import type { StreamView } from '@/components/client/stream-view.ts'
import { ConsoleLine } from './console-line.tsx'
import type { useOpened } from './use-opened.ts'
import type { VirtualRows } from './use-virtual-rows.ts'

/** Width of a character of the console's font at its size of 12.5 pixels. */
const columnWidth = 7.5
const timeColumns = 13

/** The lines that are seen, and a few around them. */
export function ConsoleLines(props: {
  view: StreamView
  rows: VirtualRows
  opened: ReturnType<typeof useOpened>
  rowHeight: number
  /** Writes a time, where times are wanted. */
  clock: ((at: string) => string) | null
  marked: number | null
  onPoint: (seq: number) => void
}) {
  const { view, rows, opened, clock } = props
  const digits = Math.max(4, String(view.seqAt(view.total - 1) ?? 0).length) + 2
  const columns = Math.floor(rows.width / columnWidth) - digits - (clock ? timeColumns : 0)
  const line = (row: number) => {
    const seq = view.seqAt(row)
    const content = view.lineAt(row)
    return (
      <ConsoleLine
        key={row}
        line={content}
        seq={seq}
        columns={columns}
        time={clock && content ? clock(content.at) : null}
        marked={seq !== undefined && seq === props.marked}
        opened={opened.isOpened(seq)}
        top={rows.topOf(row)}
        height={props.rowHeight}
        gutter={`${digits}ch`}
        onPoint={props.onPoint}
        onToggle={opened.toggle}
        onMeasure={opened.measure}
      />
    )
  }
  return Array.from({ length: Math.max(0, rows.end - rows.start) }, (_, index) => line(rows.start + index))
}
