'use client'

import { useTranslations } from 'next-intl'
import { Fragment, memo, type ReactNode, useMemo } from 'react'
import { Diagram } from '@/components/artifacts/diagram.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import type { Colored } from './highlight.ts'
import { makeLoaded } from './use-loaded.ts'

const useHighlight = makeLoaded(() => import('./highlight.ts'))
/** More than this is shown in one colour: nobody waits for it. */
const longestColored = 60_000
const longestDiagram = 20_000
/** Diagrams whose labels have HTML in them, or that would call something: what draws them may not even read that. */
const unsafeDiagram = /<\s*[/!]?(?!br\s*\/?>)[a-z]|javascript:|^\s*click\b|%%\{/im

function colored(pieces: (Colored | string)[]): ReactNode {
  return pieces.map((piece, index) =>
    typeof piece === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places.
      <Fragment key={index}>{piece}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above.
      <span key={index} className={piece.className}>
        {colored(piece.children)}
      </span>
    ),
  )
}

interface Props {
  code: string
  language: string
  /** Whether all of it is there: what still grows is shown plainly. */
  final: boolean
}

/** Code of an answer, with its language and a button that copies it. A Mermaid diagram is drawn once it is whole. */
export const CodeBlock = memo(function CodeBlock({ code, language, final }: Props) {
  const t = useTranslations('thread.code')
  const wanted = final && language !== '' && code.length < longestColored
  const highlighter = useHighlight(wanted)
  const body = useMemo(() => (highlighter ? colored(highlighter.highlight(code, language)) : code), [highlighter, code, language])
  const picture = final && language === 'mermaid' && code.length < longestDiagram && !unsafeDiagram.test(code)
  return (
    <div className="overflow-hidden rounded-md border bg-sunken">
      <div className="flex h-8 items-center justify-between border-b pr-1 pl-3">
        <span className="truncate font-mono text-faint text-xs">{language || t('plain')}</span>
        <CopyButton text={code} label={t('copy')} copied={t('copied')} failed={t('copyFailed')} />
      </div>
      {picture ? (
        <div className="bg-surface p-2">
          <Diagram source={code} />
        </div>
      ) : (
        <Scroller className="thread-code max-h-[32rem] overflow-auto p-3">
          <pre dir="ltr" className="!overflow-visible !bg-transparent !p-0 w-max min-w-full font-mono text-[0.8125rem] leading-[1.45]">
            <code className="!text-[length:inherit]">{body}</code>
          </pre>
        </Scroller>
      )}
    </div>
  )
})
