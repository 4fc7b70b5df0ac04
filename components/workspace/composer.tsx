'use client'

import { useTranslations } from 'next-intl'
import { memo, useCallback, useId, useRef, useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { cn } from '@/components/ui/cn.ts'
import { chatLimits } from '@/server/chats/schema.ts'
import { type Completion, completionAt } from './completion.ts'
import { CompletionList } from './completion-list.tsx'
import { ComposerBar } from './composer-bar.tsx'
import { Addressee, AttachedFiles } from './composer-extras.tsx'
import { useAttachments } from './use-attachments.ts'
import { type Picked, useCompletion } from './use-completion.ts'
import { useDraft } from './use-draft.ts'
import { useFileDrop } from './use-file-drop.ts'

export interface Outgoing {
  text: string
  attachmentIds: string[]
  agentId?: string
}

interface Props {
  sessionId: string
  closed: boolean
  running: boolean
  /** Whether it was taken; what was not is given back to be written on. */
  onSend: (message: Outgoing) => Promise<boolean>
  onStop: () => void
  onNew: () => void
  context: { used: number; model: string | null }
}

/** All that a message is made of before it is sent. */
function useOutgoing({ sessionId, closed, running, onSend, onStop, onNew }: Props) {
  const [text, setText] = useDraft(sessionId)
  const attachments = useAttachments(sessionId)
  const [agent, setAgent] = useState<{ id: string; name: string } | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [completion, setCompletion] = useState<Completion | null>(null)
  const { files } = attachments
  const ready = !closed && !running && text.length <= chatLimits.text && (text.trim() !== '' || files.length > 0)
  const maySend = ready && files.every(({ id }) => id !== null)

  const send = async () => {
    if (!maySend) return
    const attachmentIds = files.flatMap(({ id }) => (id ? [id] : []))
    setText('')
    setCompletion(null)
    attachments.clear()
    if (await onSend({ text, attachmentIds, ...(agent && { agentId: agent.id }) })) return setAgent(null)
    // What has been written meanwhile stays behind it.
    const since = field.current?.value ?? ''
    setText(since ? `${text}\n\n${since}` : text)
    attachments.restore(files)
  }
  const change = (next: string, caret: number) => {
    setText(next)
    setCompletion(completionAt(next, caret))
  }
  const put = (next: string, caret: number) => {
    change(next, -1)
    setCompletion(null)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(caret, caret)
    })
  }
  const pick = (picked: Picked) => {
    if (!completion) return
    const before = text.slice(0, completion.from)
    const after = text.slice(completion.to)
    if (picked.kind === 'agent') {
      setAgent({ id: picked.id, name: picked.name })
      return put(before + after.trimStart(), before.length)
    }
    put(picked.text + after.trimStart(), picked.text.length)
    if (picked.name === 'stop') onStop()
    if (picked.name === 'new') onNew()
  }
  return { text, change, send, maySend, attachments, agent, setAgent, field, completion, setCompletion, pick }
}

/** Where a message is written. Its state is its own, so that no letter draws anything else. */
export const Composer = memo(function Composer(props: Props) {
  const t = useTranslations('composer')
  const alive = useAlive()
  const id = useId()
  const out = useOutgoing(props)
  const over = useFileDrop(out.field, out.attachments.add)
  const dismiss = useCallback(() => out.setCompletion(null), [out.setCompletion])
  const list = useCompletion(out.completion, out.pick, dismiss)
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    // While a syllable is being composed, Enter belongs to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || list.onKey(event)) return
    const thumb = window.matchMedia('(pointer: coarse)').matches
    if (event.key === 'Enter' && !event.shiftKey && !thumb) {
      event.preventDefault()
      void out.send()
    }
  }
  return (
    <div className="relative">
      {out.completion && <CompletionList id={id} kind={out.completion.kind} {...list.shown} />}
      <div
        className={cn('rounded-xl border border-line-strong bg-surface focus-within:border-accent', over && 'border-accent bg-accent-soft')}
      >
        {out.agent && <Addressee name={out.agent.name} onRemove={() => out.setAgent(null)} />}
        <AttachedFiles files={out.attachments.files} onRemove={out.attachments.remove} />
        <textarea
          ref={out.field}
          data-composer
          aria-label={t('label')}
          aria-autocomplete="list"
          aria-controls={out.completion ? id : undefined}
          aria-activedescendant={out.completion && list.shown.choices.length > 0 ? `${id}-${list.shown.at}` : undefined}
          placeholder={over ? t('drop') : t(props.closed ? 'closed' : 'placeholder')}
          disabled={props.closed || !alive}
          value={out.text}
          rows={1}
          onKeyDown={onKeyDown}
          onBlur={dismiss}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return
            event.preventDefault()
            out.attachments.add([...event.clipboardData.files])
          }}
          onChange={({ target }) => out.change(target.value, target.selectionStart)}
          className="field-sizing-content block max-h-[40dvh] min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base leading-relaxed outline-none placeholder:text-faint sm:text-sm"
        />
        <ComposerBar
          {...props}
          tooLong={out.text.length > chatLimits.text}
          maySend={out.maySend}
          onFiles={out.attachments.add}
          onSend={() => void out.send()}
        />
      </div>
    </div>
  )
})
