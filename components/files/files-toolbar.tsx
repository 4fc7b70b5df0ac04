'use client'

import { Download, FilePlus2, Pencil, Trash2, Upload } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useRef } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import type { Brought } from './dropped.ts'

interface Props {
  sessionId: string
  active: string | null
  empty: boolean
  uploading: boolean
  onNew: () => void
  onRename: (path: string) => void
  onDelete: (path: string) => void
  onUpload: (files: Brought[]) => void
  /** What else stands there: the way to a project of one's own. */
  children?: ReactNode
}

function Tool({ text, children, off, onClick }: { text: string; children: ReactNode; off?: boolean; onClick: () => void }) {
  return (
    <Tooltip text={text}>
      {/* One that has nothing to do for a moment keeps the focus. */}
      <Button variant="ghost" size="icon-sm" aria-label={text} aria-disabled={off || undefined} onClick={() => off || onClick()}>
        {children}
      </Button>
    </Tooltip>
  )
}

/** What can be done with the files, above their tree. */
export function FilesToolbar(props: Props) {
  const t = useTranslations('files')
  const picker = useRef<HTMLInputElement>(null)
  const { sessionId, active, empty } = props
  return (
    <div role="toolbar" aria-label={t('tools')} className="flex flex-wrap items-center gap-0.5 border-b px-1.5 py-1">
      <Tool text={t('newFile')} onClick={props.onNew}>
        <FilePlus2 aria-hidden />
      </Tool>
      <Tool text={t('upload')} off={props.uploading} onClick={() => picker.current?.click()}>
        <Upload aria-hidden />
      </Tool>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('upload')}
        onChange={(event) => {
          props.onUpload([...(event.target.files ?? [])].map((file) => ({ file, path: file.name })))
          event.target.value = ''
        }}
      />
      <Tool text={t('rename')} off={!active} onClick={() => active && props.onRename(active)}>
        <Pencil aria-hidden />
      </Tool>
      <Tool text={t('delete')} off={!active} onClick={() => active && props.onDelete(active)}>
        <Trash2 aria-hidden />
      </Tool>
      <span className="flex-1" />
      {!empty && (
        <>
          <Button asChild variant="ghost" size="icon-sm">
            <a href={`/api/files/${sessionId}/archive`} aria-label={t('downloadAll')} title={t('downloadAll')}>
              <Download aria-hidden />
            </a>
          </Button>
          {props.children}
        </>
      )}
    </div>
  )
}
