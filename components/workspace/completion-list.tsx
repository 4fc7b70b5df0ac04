'use client'

import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'

export interface Choice {
  key: string
  title: string
  about: string
}

interface Props {
  id: string
  kind: 'prompt' | 'agent'
  choices: readonly Choice[]
  at: number
  /** What goes by what is written is still on its way. */
  loading: boolean
  onPick: (index: number) => void
}

/** What may be completed, above the field; the focus stays in the field, which names the active one. */
export function CompletionList({ id, kind, choices, at, loading, onPick }: Props) {
  const t = useTranslations('composer')
  const label = t(kind === 'agent' ? 'agents' : 'commands')
  return (
    <div className="absolute inset-x-0 bottom-full z-20 mb-1 overflow-hidden rounded-lg border bg-surface shadow-float">
      <p className="border-b px-3 py-1.5 text-faint text-xs">{label}</p>
      <div id={id} role="listbox" aria-label={label} className="max-h-60 overflow-y-auto p-1">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys for the whole list.
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field.
          <div
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(index)}
            className={cn(
              'flex cursor-pointer items-baseline gap-3 rounded px-2 py-1.5 hover:bg-sunken',
              index === at && 'bg-accent-soft hover:bg-accent-soft',
            )}
          >
            <bdi className="shrink-0 font-medium">{choice.title}</bdi>
            <bdi className="truncate text-faint text-xs">{choice.about}</bdi>
          </div>
        ))}
      </div>
      {choices.length === 0 && !loading && <p className="px-3 py-2 text-muted">{t(kind === 'agent' ? 'noAgents' : 'noCommands')}</p>}
    </div>
  )
}
