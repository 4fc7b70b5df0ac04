'use client'

import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'

const arrows = { left: ArrowLeft, up: ArrowUp, down: ArrowDown, right: ArrowRight } as const
export type TerminalKey = 'escape' | 'tab' | keyof typeof arrows

/** Keys that a phone's keyboard lacks. They take no focus, so that the keyboard stays. */
export function TerminalKeys(props: { ctrl: boolean; onCtrl: (held: boolean) => void; onKey: (key: TerminalKey) => void }) {
  const t = useTranslations('terminal')
  const keep = { onPointerDown: (event: { preventDefault: () => void }) => event.preventDefault() }
  return (
    <div
      role="toolbar"
      aria-label={t('keys')}
      className="hidden shrink-0 gap-1 overflow-x-auto border-t bg-surface p-1.5 pointer-coarse:flex max-md:flex"
    >
      <Button size="sm" className="h-9 flex-1" {...keep} onClick={() => props.onKey('escape')}>
        <kbd className="font-sans">{t('key.escape')}</kbd>
      </Button>
      <Button size="sm" className="h-9 flex-1" {...keep} onClick={() => props.onKey('tab')}>
        <kbd className="font-sans">{t('key.tab')}</kbd>
      </Button>
      <Button
        size="sm"
        className="h-9 flex-1"
        variant={props.ctrl ? 'primary' : 'secondary'}
        aria-pressed={props.ctrl}
        {...keep}
        onClick={() => props.onCtrl(!props.ctrl)}
      >
        <kbd className="font-sans">{t('key.ctrl')}</kbd>
      </Button>
      {(Object.keys(arrows) as (keyof typeof arrows)[]).map((key) => {
        const Arrow = arrows[key]
        return (
          <Button key={key} size="sm" className="h-9 min-w-9 flex-1" aria-label={t(key)} {...keep} onClick={() => props.onKey(key)}>
            <Arrow aria-hidden />
          </Button>
        )
      })}
    </div>
  )
}
