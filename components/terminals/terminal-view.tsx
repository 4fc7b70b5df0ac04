'use client'

import '@xterm/xterm/css/xterm.css'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { cn } from '@/components/ui/cn.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { TerminalKeys } from './terminal-keys.tsx'
import { type Ended, useScreen } from './use-screen.ts'

interface Props {
  sessionId: string
  terminalId: string
  number: number
  active: boolean
  /** Somebody chose it: what is typed goes there. */
  wanted: boolean
  reading: boolean
  onLeave: () => void
  onEnded: (end: Ended) => void
}

/** One terminal on the page. It stays there while another is looked at. */
export function TerminalView({ number, ...props }: Props) {
  const t = useTranslations('terminal')
  const [link, setLink] = useState<string | null>(null)
  const { box, state, isCtrl, holdCtrl, press, focus } = useScreen({
    ...props,
    label: t('label', { number }),
    lostPart: t('lostPart'),
    onLink: setLink,
  })
  const close = () => {
    setLink(null)
    // After the dialog has given its own focus back.
    setTimeout(focus)
  }
  const follow = () => window.open(link ?? '', '_blank', 'noopener,noreferrer')
  return (
    <div className={cn('flex min-h-0 flex-1 flex-col', !props.active && 'hidden')}>
      {state !== 'live' && (
        <p role="status" className="shrink-0 border-b bg-warn-soft px-3 py-1.5 text-ink text-xs">
          {t(state)}
        </p>
      )}
      <div className="min-h-0 flex-1 overflow-hidden bg-sunken p-2">
        <div ref={box} data-terminal={number} className="h-full w-full overflow-hidden" />
      </div>
      <TerminalKeys ctrl={isCtrl} onCtrl={holdCtrl} onKey={press} />
      <Confirm
        open={link !== null}
        onOpenChange={(open) => !open && close()}
        title={t('linkTitle')}
        description={
          <>
            {t('linkText')} <bdi className="block pt-1 font-mono text-ink [overflow-wrap:anywhere]">{link}</bdi>
          </>
        }
        cancel={t('cancel')}
        confirm={t('linkOpen')}
        tone="primary"
        onConfirm={follow}
      />
    </div>
  )
}
