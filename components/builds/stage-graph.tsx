'use client'

import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { cn } from '@/components/ui/cn.ts'
import type { StageView } from '@/server/builds/schema.ts'
import { type Direction, neighbour, stageColumns } from './stage-columns.ts'
import { StageNode } from './stage-node.tsx'

const arrows: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

/**
 * The build as a line of stages, parallel branches below each other between two uprights. One Tab stop: the arrow keys walk
 * from stage to stage, Enter shows a stage's console, Escape the whole one.
 */
export function StageGraph(props: { stages: StageView[]; selected: string | null; onSelect: (key: string | null) => void }) {
  const t = useTranslations('build')
  const root = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => stageColumns(props.stages), [props.stages])
  // Where the graph is wider than the screen, it shows the stage that runs, or the one that went wrong.
  const notable = (['RUNNING', 'FAILURE', 'UNSTABLE', 'ABORTED'] as const)
    .map((status) => columns.flat().find((stage) => stage.status === status))
    .find(Boolean)?.key
  useEffect(() => {
    const graph = root.current
    const node = notable && graph?.querySelector<HTMLElement>(`[data-stage="${CSS.escape(notable)}"]`)?.closest('li')
    if (graph && node) graph.scrollTo({ left: node.offsetLeft - (graph.clientWidth - node.clientWidth) / 2, behavior: 'smooth' })
  }, [notable])
  const focusable = props.selected ?? columns[0]?.[0]?.key
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') props.onSelect(null)
    const key = (event.target as HTMLElement).dataset.stage
    const direction = arrows[event.key]
    if (!key || !direction) return
    event.preventDefault()
    const next = neighbour(columns, key, direction)
    root.current?.querySelector<HTMLElement>(`[data-stage="${CSS.escape(next)}"]`)?.focus()
  }
  if (columns.length === 0) return <p className="px-4 py-6 text-center text-muted">{t('noStages')}</p>
  return (
    <div ref={root} role="toolbar" aria-label={t('stages')} onKeyDown={onKeyDown} className="relative overflow-x-auto px-2 pt-4 pb-1">
      <ol className="flex w-max min-w-full">
        {columns.map((column, index) => (
          <li
            key={column[0]?.key}
            className={cn('relative min-w-28 max-w-52 flex-1', column.length > 1 && 'min-w-32')}
            aria-label={column.length > 1 ? t('parallel', { count: column.length }) : undefined}
          >
            {column.map((stage, row) => (
              <StageNode
                key={stage.key}
                stage={stage}
                selected={props.selected === stage.key}
                tabbable={focusable === stage.key}
                onSelect={() => props.onSelect(props.selected === stage.key ? null : stage.key)}
                edges={{ left: index > 0, right: index < columns.length - 1, up: row > 0 }}
              />
            ))}
          </li>
        ))}
      </ol>
    </div>
  )
}
