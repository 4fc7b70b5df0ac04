'use client'

import { Ban, CircleAlert, CircleCheck, CircleDashed, Hand, Loader, type LucideIcon, PenLine } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import { DurationText } from '@/components/ui/time.tsx'
import type { ToolPart, ToolState } from '@/server/chats/schema.ts'
import { useChatActions } from './chat-actions.tsx'
import { DecideButtons } from './decide-buttons.tsx'
import { Fold } from './fold.tsx'
import { safeText } from './safe-text.ts'
import { inputFields } from './tool-input.ts'
import { ToolInput, ToolText } from './tool-text.tsx'
import { inputSummary, useToolName } from './tool-words.ts'

const looks: Record<ToolState, { icon: LucideIcon; tone: Tone; turns?: boolean }> = {
  writing: { icon: PenLine, tone: 'idle' },
  waiting: { icon: Hand, tone: 'warn' },
  running: { icon: Loader, tone: 'run', turns: true },
  done: { icon: CircleCheck, tone: 'ok' },
  failed: { icon: CircleAlert, tone: 'bad' },
  denied: { icon: Ban, tone: 'idle' },
  interrupted: { icon: CircleDashed, tone: 'idle' },
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
  const fields = inputFields(part.input) ?? []
  const summary = inputSummary(fields)
  const writing = part.state === 'writing'
  // How far a long text has come is told without unfolding it.
  const lines = writing ? (fields.at(-1)?.text.split('\n').length ?? 0) : 0
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
            {lines > 1 && <span className="tabular text-faint text-xs">{t('lines', { count: lines })}</span>}
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
          <ToolInput input={part.input} grows={writing} />
          {part.output && <ToolText label={t('output')} text={safeText(part.output)} />}
          {!part.output && !writing && <p className="text-faint text-xs">{t('noOutput')}</p>}
          {part.changed && part.changed.length > 0 && <ChangedFiles changed={part.changed} />}
        </div>
      </Fold>
      {part.state === 'waiting' && approvalId && actions && (
        <DecideButtons className="px-3 pb-3" onDecide={(decision) => actions.decide(approvalId, decision)} />
      )}
    </div>
  )
}
