'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { PartFailed, usePart } from '@/components/client/part.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { MountedEditor } from './code-setup.ts'

const searchWords = [
  'find',
  'replace',
  'next',
  'previous',
  'all',
  'matchCase',
  'byWord',
  'regexp',
  'replaceOne',
  'replaceAll',
  'close',
] as const
const english: Record<(typeof searchWords)[number], string> = {
  find: 'Find',
  replace: 'Replace',
  next: 'next',
  previous: 'previous',
  all: 'all',
  matchCase: 'match case',
  byWord: 'by word',
  regexp: 'regexp',
  replaceOne: 'replace',
  replaceAll: 'replace all',
  close: 'close',
}

interface Props {
  path: string
  /** Given anew, with another `version`, it replaces what stands in the editor. */
  text: string
  version: string
  label: string
  onChange: (text: string) => void
  onSave: () => void
}

const loadSetup = () => import('./code-setup.ts')

/** An editor for code, which is loaded when the first file is opened. */
export function CodeEditor(props: Props) {
  const t = useTranslations('files.search')
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<MountedEditor | null>(null)
  const latest = useRef(props)
  latest.current = props
  const phrases = useRef<Record<string, string>>({})
  phrases.current = Object.fromEntries(searchWords.map((word) => [english[word], t(word)]))
  const shown = useRef(props.version)
  const { part: setup, failed, busy, again } = usePart(loadSetup)

  useEffect(() => {
    if (!setup || !box.current) return
    const { path, text, label, version } = latest.current
    shown.current = version
    const onChange = (changed: string) => latest.current.onChange(changed)
    editor.current = setup.mountEditor(box.current, {
      path,
      text,
      label,
      phrases: phrases.current,
      onChange,
      onSave: () => latest.current.onSave(),
    })
    return () => {
      editor.current?.end()
      editor.current = null
    }
  }, [setup])

  useEffect(() => {
    if (!editor.current || shown.current === props.version) return
    shown.current = props.version
    editor.current.replace(latest.current.text)
  }, [props.version])

  return (
    <div className="relative min-h-0 flex-1">
      {!setup && !failed && <Skeleton className="absolute inset-3" />}
      <div ref={box} className="absolute inset-0 overflow-hidden" />
      {failed && (
        <Scroller className="absolute inset-0 overflow-auto">
          <PartFailed busy={busy} onAgain={again} className="m-3" />
          {/* What is in the file can be read all the same. */}
          <pre className="whitespace-pre-wrap px-3 pb-3 font-mono text-xs [overflow-wrap:anywhere]">{props.text}</pre>
        </Scroller>
      )}
    </div>
  )
}
