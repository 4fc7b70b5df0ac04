'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, File, FileSymlink, Folder, FolderOpen } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { useByteText } from '@/components/artifacts/byte-size.tsx'
import { cn } from '@/components/ui/cn.ts'
import { stepOf, type TreeRow } from './tree-rows.ts'

const rowPx = 30

function Icon({ row }: { row: TreeRow }) {
  const kind = row.entry.kind === 'link' ? FileSymlink : row.open === null ? File : row.open ? FolderOpen : Folder
  const Kind = kind
  return <Kind aria-hidden className={cn('size-4 shrink-0', row.open === null ? 'text-faint' : 'text-accent')} />
}

function Row(props: { row: TreeRow; id: string; active: boolean; shown: boolean; unsaved: boolean; onPress: () => void }) {
  const t = useTranslations('files')
  const textOf = useByteText()
  const { row, active, shown } = props
  const { kind, bytes } = row.entry
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the focus and answers the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree names the line that is active.
    <div
      role="treeitem"
      id={props.id}
      aria-level={row.level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={shown}
      {...(row.open === null ? {} : { 'aria-expanded': row.open })}
      onClick={props.onPress}
      style={{ paddingInlineStart: `${(row.level - 1) * 14 + 6}px`, height: rowPx }}
      className={cn(
        'flex cursor-default select-none items-center gap-1.5 rounded pr-2 hover:bg-sunken',
        shown && 'bg-accent-soft text-accent hover:bg-accent-soft',
        active && 'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-accent',
      )}
    >
      <ChevronRight
        aria-hidden
        className={cn('size-3.5 shrink-0 text-faint transition-transform', row.open && 'rotate-90', row.open === null && 'invisible')}
      />
      <Icon row={row} />
      <bdi className="min-w-0 flex-1 truncate">{row.name}</bdi>
      {props.unsaved && (
        <span className="text-warn" title={t('unsaved')}>
          <span aria-hidden>●</span>
          <span className="sr-only">{t('unsaved')}</span>
        </span>
      )}
      {kind === 'file' && <span className="tabular shrink-0 text-faint text-xs">{textOf(bytes)}</span>}
      {kind === 'link' && <span className="shrink-0 text-faint text-xs">{t('link')}</span>}
    </div>
  )
}

interface Props {
  rows: readonly TreeRow[]
  active: string | null
  shown: string | null
  unsaved: ReadonlySet<string>
  onActive: (path: string) => void
  onToggle: (path: string) => void
  onChoose: (path: string) => void
  onRename: (path: string) => void
  onDelete: (path: string) => void
}

/** The files as a tree that keys go through; only the lines in sight are drawn. */
export function FileTree(props: Props) {
  const t = useTranslations('files')
  const id = useId()
  const { rows, active } = props
  const box = useRef<HTMLDivElement>(null)
  const lines = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowPx, overscan: 12 })
  const at = rows.findIndex(({ entry }) => entry.path === active)
  useEffect(() => {
    if (at >= 0) lines.scrollToIndex(at)
  }, [at, lines])

  const press = (row: TreeRow) => {
    props.onActive(row.entry.path)
    if (row.open === null) props.onChoose(row.entry.path)
    else props.onToggle(row.entry.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = stepOf(event.key, rows, active)
    if (step && 'to' in step) props.onActive(step.to)
    else if (step && 'toggle' in step) props.onToggle(step.toggle)
    else if (step) props.onChoose(step.choose)
    else if (active && event.key === 'F2') props.onRename(active)
    else if (active && event.key === 'Delete') props.onDelete(active)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      role="tree"
      aria-label={t('tree')}
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
      className="group min-h-0 flex-1 overflow-y-auto p-1 text-sm focus-visible:outline-none"
    >
      <div role="presentation" style={{ height: lines.getTotalSize(), position: 'relative' }}>
        {lines.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          if (!row) return null
          const { path } = row.entry
          return (
            <div key={path} role="presentation" className="absolute inset-x-0 top-0" style={{ transform: `translateY(${start}px)` }}>
              <Row
                row={row}
                id={`${id}-${index}`}
                active={path === active}
                shown={path === props.shown}
                unsaved={props.unsaved.has(path)}
                onPress={() => press(row)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
