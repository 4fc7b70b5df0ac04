'use client'

import { Save } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { CodeEditor } from './code-editor.tsx'
import { ConflictBanner } from './conflict-banner.tsx'
import type { Draft, Version } from './panel-store.ts'
import type { Files } from './use-files.ts'

interface Props {
  sessionId: string
  path: string
  /** As it is stored now. */
  stored: Version
  /** It is stored no more: a save makes it again. */
  gone: boolean
  draft: Draft | undefined
  files: Files
  onDraft: (draft: Draft | null) => void
}

/** What is in the editor against what is stored: what was typed, from which version, and whether somebody else wrote meanwhile. */
function useVersions({ stored, draft, onDraft }: Props) {
  const [base, setBase] = useState<Version>(draft?.base ?? stored)
  const [text, setText] = useState(draft?.text ?? stored.text)
  // What is typed while a save is under way is not what was saved.
  const latest = useRef(text)
  latest.current = text
  // What the editor was last given; what is typed does not change it.
  const [given, setGiven] = useState({ text, version: base.hash })
  const dirty = text !== base.text
  const other = stored.hash !== base.hash
  const take = (version: Version) => {
    setBase(version)
    setText(version.text)
    setGiven({ text: version.text, version: version.hash })
    onDraft(null)
  }
  const type = (typed: string) => {
    setText(typed)
    onDraft(typed === base.text ? null : { text: typed, base })
  }
  const saved = (version: Version) => {
    setBase(version)
    onDraft(latest.current === version.text ? null : { text: latest.current, base: version })
  }
  useEffect(() => {
    if (!other) return
    if (!dirty) take(stored)
    else if (text === stored.text) saved(stored)
  })
  return { base, text, given, dirty, conflict: other && dirty && text !== stored.text, take, type, saved }
}

/** A free name beside a file for another version of it: `a.mine.txt`. */
const besideOf = (path: string) => path.replace(/(\.[^./]+)?$/, (ending) => `.mine-${Date.now().toString(36)}${ending}`)

/** A text file in the editor; saving never writes over somebody else's change unseen. */
export function TextFile(props: Props) {
  const t = useTranslations('files')
  const { sessionId, path, stored, gone, files } = props
  const versions = useVersions(props)
  const { text, base, dirty, conflict } = versions

  const write = (hash: string | null, to = path) =>
    files.write.mutate(
      { sessionId, path: to, text, hash },
      {
        onSuccess: (written) => (to === path ? versions.saved({ text, hash: written.hash }) : versions.take(stored)),
        onError: (error) => failureOf(error).code === 'CONFLICT' && void files.read(),
      },
    )
  const save = () => {
    if (dirty && !files.write.isPending) write(gone ? null : base.hash)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {conflict && (
        <ConflictBanner
          theirs={stored.text}
          onMine={() => write(stored.hash)}
          onTheirs={() => versions.take(stored)}
          onBoth={() => write(null, besideOf(path))}
        />
      )}
      <CodeEditor
        path={path}
        text={versions.given.text}
        version={versions.given.version}
        label={t('editor', { path })}
        onChange={versions.type}
        onSave={save}
      />
      <div className="flex items-center justify-between gap-2 border-t px-2 py-1.5 text-faint text-xs">
        <span aria-live="polite">{dirty ? t('unsaved') : t('saved')}</span>
        <span className="flex items-center gap-2">
          <span className="hidden @md:inline">{t('editorHint')}</span>
          <Button size="sm" variant={dirty ? 'primary' : 'secondary'} disabled={!dirty || files.write.isPending} onClick={save}>
            <Save aria-hidden />
            {t('save')}
          </Button>
        </span>
      </div>
    </div>
  )
}
