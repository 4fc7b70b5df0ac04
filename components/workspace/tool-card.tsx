'use client'

import { Ban, CircleAlert, CircleCheck, CircleDashed, Hand, Loader, type LucideIcon, PenLine } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { DurationText } from '@/components/ui/time.tsx'
import type { ToolPart, ToolState } from '@/server/chats/schema.ts'
import { useChatActions } from './chat-actions.tsx'
import { DecideButtons } from './decide-buttons.tsx'
import { Fold } from './fold.tsx'
import { safeText } from './safe-text.ts'
import { inputSummary, prettyInput, useToolName } from './tool-words.ts'

const looks: Record<ToolState, { icon: LucideIcon; tone: Tone; turns?: boolean }> = {
  writing: { icon: PenLine, tone: 'idle' },
  waiting: { icon: Hand, tone: 'warn' },
  running: { icon: Loader, tone: 'run', turns: true },
  done: { icon: CircleCheck, tone: 'ok' },
  failed: { icon: CircleAlert, tone: 'bad' },
  denied: { icon: Ban, tone: 'idle' },
  interrupted: { icon: CircleDashed, tone: 'idle' },
}
/** So much of a text is drawn until somebody wants all of it. */
const firstShown = 8_000

/** What went into a tool, or came out of it. */
function ToolText({ label, text }: { label: string; text: string }) {
  const t = useTranslations('thread')
  const [all, setAll] = useState(false)
  const shown = all ? text : text.slice(0, firstShown)
  return (
    <section>
      <div className="flex items-center justify-between">
        <h3 className="font-medium text-faint text-xs">{label}</h3>
        <CopyButton text={text} label={t('code.copy')} copied={t('code.copied')} failed={t('code.copyFailed')} />
      </div>
      <Scroller className="max-h-80 overflow-auto rounded-md bg-sunken p-2">
        <pre dir="auto" className="whitespace-pre-wrap font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
          {shown}
        </pre>
      </Scroller>
      {shown.length < text.length && (
        <Button variant="link" size="sm" onClick={() => setAll(true)}>
          {t('tool.more')}
        </Button>
      )}
    </section>
  )
}

function ChangedFiles({ changed }: { changed: NonNullable<ToolPart['changed']> }) {
  const t = useTranslations('thread.tool')
  return (
    <section>
      <h3 className="font-medium text-faint text-xs">{t('changed')}</h3>
      <ul className="mt-1 grid gap-0.5">
        {changed.map(({ path, kind }) => (
          <li key={path} className="flex items-center gap-2">
            <bdi className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{safeText(path)}</bdi>
            <span className="shrink-0 text-faint text-xs">{t(`kinds.${kind}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** One use of a tool: what it was given, what came out, how long it took. What waits for a word is decided here. */
export function ToolCard({ part }: { part: ToolPart }) {
  const t = useTranslations('thread.tool')
  const nameOf = useToolName()
  const actions = useChatActions()
  const [open, setOpen] = useState(false)
  const { icon: Icon, tone, turns } = looks[part.state]
  const summary = inputSummary(part.input)
  const { approvalId } = part
  return (
    <div data-tool={part.tool} data-state={part.state} className="rounded-lg border bg-surface">
      <Fold
        open={open}
        onOpen={setOpen}
        icon={<Icon aria-hidden className={turns ? 'animate-spin-slow text-run' : undefined} />}
        title={
          <>
            <span className="font-medium text-ink">{nameOf(part.tool)}</span>
            {summary && <bdi className="ml-2 font-mono text-xs">{summary}</bdi>}
          </>
        }
        beside={
          <span className="flex shrink-0 items-center gap-2">
            {part.durationMs !== undefined && (
              <span className="text-faint text-xs max-sm:hidden">
                <DurationText ms={part.durationMs} />
              </span>
            )}
            <Badge tone={tone}>{t(`states.${part.state}`)}</Badge>
          </span>
        }
      >
        <div className="grid grid-cols-1 gap-3">
          <ToolText label={t('input')} text={prettyInput(part.input)} />
          {part.output ? (
            <ToolText label={t('output')} text={safeText(part.output)} />
          ) : (
            <p className="text-faint text-xs">{t('noOutput')}</p>
          )}
          {part.changed && part.changed.length > 0 && <ChangedFiles changed={part.changed} />}
        </div>
      </Fold>
      {part.state === 'waiting' && approvalId && actions && (
        <DecideButtons className="px-3 pb-3" onDecide={(decision) => actions.decide(approvalId, decision)} />
      )}
    </div>
  )
}
