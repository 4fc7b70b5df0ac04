'use client'

import { AudioLines, Plus, SquareTerminal, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import { TerminalView } from './terminal-view.tsx'
import { type TerminalTab, useTerminals } from './use-terminals.ts'

type Terminals = ReturnType<typeof useTerminals>

/** Says how a terminal ended, and offers another. */
function EndNote({ tab, terminals }: { tab: TerminalTab; terminals: Terminals }) {
  const t = useTranslations('terminal')
  if (!tab.end) return null
  const { why, exitCode } = tab.end
  return (
    <div role="status" className="flex shrink-0 flex-wrap items-center gap-2 border-t bg-surface px-3 py-2">
      <p className="min-w-0 flex-1">{t(`ended.${why}`, { code: String(exitCode ?? '–') })}</p>
      <Button size="sm" onClick={() => terminals.close(tab.id)}>
        {t('dismiss')}
      </Button>
      <Button size="sm" variant="primary" disabled={terminals.starting || terminals.isFull} onClick={terminals.start}>
        {t('again')}
      </Button>
    </div>
  )
}

/** The row of terminals: which is shown, another one, the end of one. */
function TerminalBar(props: {
  terminals: Terminals
  reading: boolean
  onReading: (on: boolean) => void
  first: React.Ref<HTMLButtonElement>
}) {
  const t = useTranslations('terminal')
  const { tabs, active, choose, start, starting, close, limit, isFull } = props.terminals
  const shown = tabs.find(({ id }) => id === active)
  return (
    <div className="flex shrink-0 items-center gap-1 border-b bg-surface px-2 py-1">
      <fieldset className="-m-1 flex min-w-0 flex-1 gap-1 overflow-x-auto p-1 [scrollbar-width:none]">
        <legend className="sr-only">{t('tabs')}</legend>
        {tabs.map(({ id, number, end }) => (
          <Button
            key={id}
            ref={id === active ? props.first : undefined}
            size="sm"
            variant="ghost"
            aria-pressed={id === active}
            className={cn(id === active && 'bg-accent-soft text-accent', end && 'line-through')}
            onClick={() => choose(id)}
          >
            {t('one', { number })}
          </Button>
        ))}
      </fieldset>
      <Tooltip text={isFull ? t('full', { count: limit }) : t('new')}>
        <Button size="icon-sm" variant="ghost" aria-label={t('new')} aria-disabled={starting || isFull} onClick={start}>
          <Plus aria-hidden />
        </Button>
      </Tooltip>
      <Tooltip text={t('read')}>
        <Button
          size="icon-sm"
          variant="ghost"
          aria-label={t('read')}
          aria-pressed={props.reading}
          className={cn(props.reading && 'bg-accent-soft text-accent')}
          onClick={() => props.onReading(!props.reading)}
        >
          <AudioLines aria-hidden />
        </Button>
      </Tooltip>
      {shown && (
        <Tooltip text={t('end')}>
          <Button size="icon-sm" variant="ghost" aria-label={t('endOne', { number: shown.number })} onClick={() => close(shown.id)}>
            <X aria-hidden />
          </Button>
        </Tooltip>
      )}
    </div>
  )
}

/** Says that some run where this page cannot show them. */
function Elsewhere({ count }: { count: number }) {
  const t = useTranslations('terminal')
  if (count === 0) return null
  return (
    <Banner tone="info" title={t('elsewhereTitle', { count })} className="m-3">
      {t('elsewhereText')}
    </Banner>
  )
}

function Nothing({ terminals }: { terminals: Terminals }) {
  const t = useTranslations('terminal')
  const start = (
    <Button variant="primary" disabled={terminals.starting} onClick={terminals.start}>
      {t('start')}
    </Button>
  )
  return (
    <EmptyState icon={<SquareTerminal aria-hidden />} title={t('emptyTitle')} action={start}>
      {t('emptyText')}
    </EmptyState>
  )
}

/** The terminals of a conversation: shells on its files, in a sandbox. */
export function TerminalPanel({ sessionId }: { sessionId: string }) {
  const t = useTranslations('terminal')
  const words = useFailureWords()
  const terminals = useTerminals(sessionId)
  const [reading, setReading] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const { list, tabs, active } = terminals
  if (list.isPending) return <Skeleton className="m-3 h-24" />
  if (list.isError && tabs.length === 0) {
    const { title, text } = words(list.error)
    return (
      <Banner tone="bad" title={title} className="m-3">
        {text}
      </Banner>
    )
  }
  if (list.data && !list.data.available)
    return (
      <Banner tone="warn" title={t('noSandboxTitle')} className="m-3">
        {t('noSandboxText')}
      </Banner>
    )
  const elsewhere = <Elsewhere count={list.data?.elsewhere ?? 0} />
  if (tabs.length === 0)
    return (
      <>
        {elsewhere}
        <Nothing terminals={terminals} />
      </>
    )
  const shown = tabs.find(({ id }) => id === active)
  return (
    <section aria-label={t('tabs')} className="flex min-h-0 flex-1 flex-col">
      {elsewhere}
      <TerminalBar terminals={terminals} reading={reading} onReading={setReading} first={first} />
      {tabs.map(({ id, number }) => (
        <TerminalView
          key={id}
          {...{ sessionId, terminalId: id, number, reading }}
          active={id === active}
          wanted={id === terminals.wanted}
          onLeave={() => first.current?.focus()}
          onEnded={(end) => terminals.ended(id, end)}
        />
      ))}
      {shown && <EndNote tab={shown} terminals={terminals} />}
      <p className="hidden shrink-0 border-t bg-surface px-3 py-1 text-faint text-xs md:block">{t('leave')}</p>
    </section>
  )
}
