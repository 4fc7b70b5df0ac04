'use client'

import { useTranslations } from 'next-intl'
import { type UIEvent, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { safeText } from './safe-text.ts'
import { type InputField, inputFields } from './tool-input.ts'
import { prettyInput } from './tool-words.ts'

/** So much of a text is drawn until somebody wants all of it. */
const firstShown = 8_000
/** This near to the end one reads the end. */
const nearPx = 40

/** Stays at the end of a text that grows, until somebody scrolls up in it. */
function useEnd(text: string, grows: boolean) {
  const last = useRef<HTMLPreElement>(null)
  const follows = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows each growth of the text.
  useEffect(() => {
    const box = last.current?.parentElement
    if (grows && follows.current && box) box.scrollTop = box.scrollHeight
  }, [text, grows])
  const onScroll = ({ currentTarget: box }: UIEvent) => {
    follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx
  }
  return { last, onScroll }
}

interface Props {
  label: string
  text: string
  /** It is still being written: its end is shown. */
  grows?: boolean
  /** The label is a name from outside. */
  foreign?: boolean
}

/** What went into a tool, or came out of it. */
export function ToolText({ label, text, grows = false, foreign = false }: Props) {
  const t = useTranslations('thread')
  const [all, setAll] = useState(false)
  const shown = all ? text : grows ? text.slice(-firstShown) : text.slice(0, firstShown)
  const { last, onScroll } = useEnd(text, grows)
  return (
    <section>
      <div className="flex items-center justify-between">
        <h3 className={cn('font-medium text-faint text-xs', foreign && 'font-mono')}>
          <bdi>{label}</bdi>
        </h3>
        <CopyButton text={text} label={t('code.copy')} copied={t('code.copied')} failed={t('code.copyFailed')} />
      </div>
      <Scroller className="max-h-80 overflow-auto rounded-md bg-sunken p-2" onScroll={onScroll}>
        <pre ref={last} dir="auto" className="whitespace-pre-wrap font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
          {shown}
        </pre>
      </Scroller>
      {shown.length < text.length && !grows && (
        <Button variant="link" size="sm" onClick={() => setAll(true)}>
          {t('tool.more')}
        </Button>
      )}
    </section>
  )
}

const isShort = (text: string) => text.length <= 200 && !text.includes('\n')

/** Which fields stand in a row of their own. What follows the first one and grows will be long: it begins where it is to stay. */
function inRows(fields: readonly InputField[], grows: boolean): [short: InputField[], long: InputField[]] {
  const last = grows ? fields.length - 1 : -1
  const short = fields.filter(({ text }, at) => isShort(text) && (at !== last || at === 0))
  return [short, fields.filter((field) => !short.includes(field))]
}

/** What a tool is given, field by field, also while it is still being written: short values in a row of their own, texts as they will be. */
export function ToolInput({ input, grows = false }: { input: string; grows?: boolean }) {
  const t = useTranslations('thread.tool')
  const fields = inputFields(input)
  if (!fields?.length) return <ToolText label={t('input')} text={prettyInput(input)} grows={grows} />
  const [short, long] = inRows(fields, grows)
  return (
    <section aria-label={t('input')} className="grid grid-cols-1 gap-3">
      {short.length > 0 && (
        <dl className="grid gap-1 rounded-md bg-sunken p-2 font-mono text-xs">
          {short.map(({ name, text }) => (
            <div key={name} className="flex min-w-0 flex-wrap gap-x-3">
              <dt className="text-faint">
                <bdi>{safeText(name)}</bdi>
              </dt>
              <dd dir="auto" className="min-w-0 flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
                {safeText(text)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {long.map(({ name, text }) => (
        <ToolText key={name} foreign label={safeText(name)} text={safeText(text)} grows={grows} />
      ))}
    </section>
  )
}
