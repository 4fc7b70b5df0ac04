'use client'

import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { type DiffLine, diffLines } from './diff.ts'

const pageLines = 1_500
const looks: Record<DiffLine['kind'], string> = {
  file: 'sticky top-0 border-y bg-sunken font-semibold text-ink',
  hunk: 'bg-run-soft text-run',
  add: 'bg-ok-soft',
  remove: 'bg-bad-soft',
  context: '',
  meta: 'text-faint',
}
const signs: Partial<Record<DiffLine['kind'], string>> = { add: '+', remove: '-' }

function Line({ line }: { line: DiffLine }) {
  const number = 'tabular w-10 shrink-0 select-none pr-2 text-right text-faint'
  return (
    <div className={cn('flex', looks[line.kind])}>
      {line.kind === 'file' ? (
        <span className="px-2 py-1">{line.text}</span>
      ) : (
        <>
          <span className={number}>{line.before}</span>
          <span className={number}>{line.after}</span>
          <span className="w-4 shrink-0 select-none text-center">{signs[line.kind]}</span>
          <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{line.text}</span>
        </>
      )}
    </div>
  )
}

/** A unified diff, each line with its sign, its numbers and its colour. */
export function DiffView({ text }: { text: string }) {
  const t = useTranslations('artifacts')
  const lines = useMemo(() => diffLines(text), [text])
  const [shown, setShown] = useState(pageLines)
  return (
    <div className="-m-4 font-mono text-xs leading-5">
      {lines.slice(0, shown).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a diff never change places.
        <Line key={index} line={line} />
      ))}
      {lines.length > shown && (
        <Button variant="ghost" className="m-2" onClick={() => setShown(shown + pageLines)}>
          {t('moreLines', { count: lines.length - shown })}
        </Button>
      )}
    </div>
  )
}
