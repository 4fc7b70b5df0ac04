'use client'

import { ChevronLeft, ChevronRight, FileDiff, Pencil, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { LiveMessage } from '@/components/client/chat-fold.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { DurationText, TimeAgo } from '@/components/ui/time.tsx'
import { runFailures } from '@/server/workspace/schema.ts'
import { useChatActions } from './chat-actions.tsx'
import { useAmounts } from './money.ts'
import { safeText } from './safe-text.ts'

type Failure = (typeof runFailures)[number]

const textOf = (message: LiveMessage) =>
  (message.parts ?? []).flatMap((part) => (part.type === 'text' && part.text.trim() ? [safeText(part.text)] : [])).join('\n\n')

function focusStep(messageId: string, by: number): void {
  const row = document.querySelector(`[data-message="${messageId}"]`)
  const [same, other] = [by, -by].map((way) => row?.querySelector<HTMLElement>(`[data-step="${way}"]:enabled`))
  if (document.activeElement === document.body) (same ?? other)?.focus()
}

/** Which of the branches that begin here is shown, and the way to the others. */
function Branches({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread.branch')
  const actions = useChatActions()
  const { siblings, id } = message
  const at = siblings.indexOf(id)
  if (siblings.length < 2 || at < 0) return null
  const go = async (target: string, by: number) => {
    // Another branch is another row: the focus goes along, so that the next press leads to the next one.
    if (await actions?.select(target)) requestAnimationFrame(() => focusStep(target, by))
  }
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const target = siblings[at + by]
    return (
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        data-step={by}
        disabled={!target || !actions}
        onClick={() => target && void go(target, by)}
      >
        <Icon aria-hidden />
      </Button>
    )
  }
  return (
    <fieldset aria-label={t('label')} className="flex items-center">
      {step(-1, t('before'), ChevronLeft)}
      <span className="tabular">{t('at', { at: at + 1, of: siblings.length })}</span>
      {step(1, t('after'), ChevronRight)}
    </fieldset>
  )
}

function Usage({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread')
  const amounts = useAmounts()
  const { inputTokens: input, outputTokens: output, cacheTokens: cache } = message
  if (input + output === 0) return null
  return (
    <>
      <span className="tabular whitespace-nowrap" title={t('usageFull', { input, output, cache })}>
        {t('usage', { tokens: amounts.tokens(input + output) })}
      </span>
      <span className="tabular whitespace-nowrap" title={t(message.demo ? 'costDemo' : 'cost')}>
        {amounts.cost(message.costMicros)}
        {message.demo && <span className="sr-only"> {t('costDemo')}</span>}
      </span>
    </>
  )
}

/** How many files an answer changed, and the way to what it changed in them. */
function Changes({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread.actions')
  const actions = useChatActions()
  const paths = new Set((message.parts ?? []).flatMap((part) => (part.type === 'tool' ? (part.changed ?? []) : [])).map(({ path }) => path))
  if (!actions || paths.size === 0) return null
  return (
    <Button variant="ghost" size="sm" data-changes title={t('changesHint')} onClick={() => actions.changes(message.id)}>
      <FileDiff aria-hidden />
      {t('changes', { count: paths.size })}
    </Button>
  )
}

/** Why there is no whole answer, and the way to one. */
function Ending({ message }: { message: LiveMessage }) {
  const t = useTranslations('thread')
  const actions = useChatActions()
  if (message.state !== 'failed' && message.state !== 'stopped') return null
  const failed = message.state === 'failed'
  const failure = runFailures.find((name): name is Failure => name === message.failure)
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <Badge tone={failed ? 'bad' : 'idle'}>{t(failed ? 'failed' : 'stopped')}</Badge>
      {failed && <span className="text-muted">{t(`failures.${failure ?? 'internal'}`)}</span>}
      {actions && (
        <Button size="sm" onClick={() => actions.regenerate(message.id)}>
          <RotateCcw aria-hidden />
          {t('again')}
        </Button>
      )}
    </div>
  )
}

/** Below a message: what can be done with it, what it took. */
export function MessageFooter({ message, edited, onEdit }: { message: LiveMessage; edited?: boolean; onEdit?: () => void }) {
  const t = useTranslations('thread.actions')
  const actions = useChatActions()
  if (message.state === 'open') return null
  const text = textOf(message)
  const answer = message.role === 'assistant'
  return (
    <div>
      <Ending message={message} />
      <div className="mt-1 flex min-h-7 flex-wrap items-center gap-x-2.5 gap-y-1 text-faint text-xs">
        <span className="flex items-center">
          {text && <CopyButton text={text} label={t('copy')} copied={t('copied')} failed={t('copyFailed')} />}
          {actions && onEdit && (
            <Button autoFocus={edited} variant="ghost" size="icon-sm" aria-label={t('edit')} title={t('edit')} onClick={onEdit}>
              <Pencil aria-hidden />
            </Button>
          )}
          {actions && answer && (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('regenerate')}
              title={t('regenerate')}
              onClick={() => actions.regenerate(message.id)}
            >
              <RotateCcw aria-hidden />
            </Button>
          )}
        </span>
        <Branches message={message} />
        {answer && <Changes message={message} />}
        {answer && message.model && <span className="whitespace-nowrap max-sm:hidden">{message.model}</span>}
        {answer && message.demo && <Badge title={t('demoHint')}>{t('demo')}</Badge>}
        {answer && <Usage message={message} />}
        {answer && message.durationMs > 0 && (
          <span className="max-sm:hidden">
            <DurationText ms={message.durationMs} />
          </span>
        )}
        <TimeAgo at={message.createdAt} />
      </div>
    </div>
  )
}
