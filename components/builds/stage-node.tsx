'use client'

import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'
import { Duration } from '@/components/ui/time.tsx'
import type { StageView } from '@/server/builds/schema.ts'
import { useStageName } from './stage-name.ts'
import { statusLooks } from './status.ts'
import { StatusIcon } from './status-icon.tsx'

/** The lines from one stage to its neighbours, at the height of the circles; a branch hangs on two uprights. */
function Edges({ left, right, up }: { left: boolean; right: boolean; up: boolean }) {
  const line = 'pointer-events-none absolute border-line-strong/60'
  return (
    <>
      {left && <span aria-hidden className={cn(line, 'top-5 left-0 w-1/2 border-t-2')} />}
      {right && <span aria-hidden className={cn(line, 'top-5 right-0 w-1/2 border-t-2')} />}
      {up && left && <span aria-hidden className={cn(line, '-top-[4.75rem] left-0 h-24 border-l-2')} />}
      {up && right && <span aria-hidden className={cn(line, '-top-[4.75rem] right-0 h-24 border-r-2')} />}
    </>
  )
}

/** One stage: its status as an icon, its name, how long it took or has been taking. */
export function StageNode(props: {
  stage: StageView
  selected: boolean
  tabbable: boolean
  onSelect: () => void
  edges: { left: boolean; right: boolean; up: boolean }
}) {
  const { stage, selected } = props
  const t = useTranslations('status')
  const name = useStageName()
  const waiting = stage.status === 'QUEUED' || stage.status === 'NOT_BUILT'
  return (
    <div className="relative flex h-24 justify-center">
      <Edges {...props.edges} />
      <button
        type="button"
        data-stage={stage.key}
        tabIndex={props.tabbable ? 0 : -1}
        aria-pressed={selected}
        onClick={props.onSelect}
        className={cn(
          'group relative mx-1 flex h-[5.5rem] min-w-0 flex-1 flex-col items-center gap-1 rounded-md px-1 pt-1 text-center hover:bg-sunken',
          selected && 'bg-accent-soft hover:bg-accent-soft',
        )}
      >
        <span
          className={cn(
            'flex size-8 items-center justify-center rounded-full bg-surface group-hover:bg-sunken',
            selected && 'bg-accent-soft group-hover:bg-accent-soft',
          )}
        >
          <StatusIcon status={stage.status} className={cn('size-5.5', waiting && 'opacity-80')} />
        </span>
        <span className={cn('line-clamp-2 w-full font-medium text-xs leading-4 [overflow-wrap:anywhere]', waiting && 'text-muted')}>
          {name(stage)}
        </span>
        <span className={cn('text-[0.6875rem] leading-none', statusLooks[stage.status].text)}>
          {stage.startedAt ? <Duration from={stage.startedAt} to={stage.endedAt} /> : t(stage.status)}
          <span className="sr-only">{stage.startedAt ? t(stage.status) : ''}</span>
        </span>
      </button>
    </div>
  )
}
