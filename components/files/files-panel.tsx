'use client'

import { FolderOpen } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ClipboardEvent, type DragEvent, useMemo, useRef, useState } from 'react'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { useFocusKept } from '@/components/client/use-focus-kept.ts'
import { SaveAsProject } from '@/components/handover/save-as-project.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { type Brought, dropped } from './dropped.ts'
import { FileTree } from './file-tree.tsx'
import { FileView } from './file-view.tsx'
import { FilesToolbar } from './files-toolbar.tsx'
import { PathDialog } from './path-dialog.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'
import { folderOf, lineAfter, treeRows } from './tree-rows.ts'
import { type Files, useFiles } from './use-files.ts'
import { type Panel, usePanel } from './use-panel.ts'
import { useUpload } from './use-upload.ts'

function Asked({ sessionId, panel, files, paths }: { sessionId: string; panel: Panel; files: Files; paths: Set<string> }) {
  const t = useTranslations('files')
  const { asking, setAsking, active } = panel
  const close = () => setAsking(null)
  if (asking?.kind === 'new') {
    const folder = active && panel.open.has(active) ? active : folderOf(active ?? '')
    const make = async (path: string) => {
      await files.make.mutateAsync({ sessionId, path, text: '', hash: null })
      panel.setShown(path)
    }
    return (
      <PathDialog title={t('newFile')} action={t('make')} initial={folder && `${folder}/`} taken={paths} onDone={make} onClose={close} />
    )
  }
  if (asking?.kind === 'rename') {
    const { path } = asking
    const move = async (to: string) => {
      await files.move.mutateAsync({ sessionId, path, to })
      panel.relocate(path, to)
    }
    return <PathDialog title={t('rename')} action={t('rename')} initial={path} taken={paths} onDone={move} onClose={close} />
  }
  const path = asking?.path ?? ''
  const remove = () => {
    const next = lineAfter(treeRows(files.tree.data?.entries ?? [], panel.open), path)
    files.remove.mutate(
      { sessionId, path },
      {
        onSuccess: () => {
          panel.relocate(path, null)
          panel.setActive(next)
        },
      },
    )
  }
  return (
    <Confirm
      open={asking !== null}
      onOpenChange={(open) => !open && close()}
      title={t('deleteTitle', { path })}
      description={t('deleteText')}
      cancel={t('cancel')}
      confirm={t('delete')}
      onConfirm={remove}
    />
  )
}

/** Takes what is dropped onto it or pasted into it. */
function useDrop(onFiles: (files: Brought[]) => void) {
  const [over, setOver] = useState(false)
  const isFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  return {
    over,
    props: {
      onDragOver: (event: DragEvent) => {
        if (!isFiles(event)) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      },
      onDrop: (event: DragEvent) => {
        if (!isFiles(event)) return
        event.preventDefault()
        event.stopPropagation()
        setOver(false)
        void dropped(event.dataTransfer).then(onFiles)
      },
      onPaste: (event: ClipboardEvent) => {
        const pasted = [...event.clipboardData.files].map((file) => ({ file, path: file.name }))
        if (pasted.length === 0) return
        event.preventDefault()
        onFiles(pasted)
      },
    },
  }
}

interface ListProps {
  sessionId: string
  panel: Panel
  files: Files
  uploading: boolean
  onUpload: (files: Brought[]) => void
}

/** The tree with its tools, and what stands in its place where there is none. */
function List({ sessionId, panel, files, uploading, onUpload }: ListProps) {
  const t = useTranslations('files')
  const words = useFailureWords()
  const { open, active, shown, drafts, setAsking } = panel
  const { data, error } = files.tree
  const rows = useMemo(() => treeRows(data?.entries ?? [], open), [data, open])
  const unsaved = useMemo(() => new Set(drafts.keys()), [drafts])
  const failure = error ? words(error) : null
  const onRename = (path: string) => setAsking({ kind: 'rename', path })
  const onDelete = (path: string) => setAsking({ kind: 'delete', path })
  const shared = { active, onRename, onDelete }
  const empty = !data || data.entries.length === 0
  const box = useRef<HTMLDivElement>(null)
  useFocusKept(box, { rows: '[role=tree]', instead: '[data-files] [role=toolbar] button' })
  return (
    <div
      ref={box}
      data-files
      className={cn('flex min-h-0 w-full min-w-0 flex-col @2xl:w-72 @2xl:shrink-0 @2xl:border-r', shown && 'hidden @2xl:flex')}
    >
      <FilesToolbar {...{ sessionId, empty, uploading, onUpload }} {...shared} onNew={() => setAsking({ kind: 'new' })}>
        <SaveAsProject sessionId={sessionId} />
      </FilesToolbar>
      {failure && (
        <Banner tone="bad" title={failure.title} className="m-2">
          {failure.text}
        </Banner>
      )}
      {!data && !failure && <Skeleton className="m-3 h-24" />}
      {data && empty && (
        <EmptyState icon={<FolderOpen aria-hidden />} title={t('empty')}>
          {t('emptyText')}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <FileTree {...{ rows, shown, unsaved }} {...shared} onActive={panel.setActive} onToggle={panel.toggle} onChoose={panel.setShown} />
      )}
      {data?.cut && <p className="border-t px-3 py-1.5 text-faint text-xs">{t('cut')}</p>}
    </div>
  )
}

/** The conversation's files: their tree, and one of them beside it, or in its place where there is little room. */
export function FilesPanel({ sessionId }: { sessionId: string }) {
  const t = useTranslations('files')
  const files = useFiles(sessionId)
  const panel = usePanel(sessionId)
  const { shown, drafts } = panel
  const entries = files.tree.data?.entries
  const paths = useMemo(() => new Set(entries?.map(({ path }) => path)), [entries])
  const { upload, uploading, question } = useUpload(sessionId, paths, files.read)
  const active = panel.active && paths.has(panel.active) ? panel.active : null
  const target = active ? (panel.open.has(active) ? active : folderOf(active)) : ''
  const bring = (chosen: Brought[]) => upload(chosen, target)
  const drop = useDrop(bring)
  return (
    <div {...drop.props} className="@container relative flex h-full min-h-0 min-w-0 flex-1 bg-surface">
      <List sessionId={sessionId} panel={{ ...panel, active }} files={files} uploading={uploading} onUpload={bring} />
      {shown ? (
        <FileView
          key={shown}
          sessionId={sessionId}
          path={shown}
          draft={drafts.get(shown)}
          files={files}
          onDraft={(draft) => panel.draft(shown, draft)}
          onClose={() => panel.setShown(null)}
        />
      ) : (
        <p className="hidden flex-1 items-center justify-center p-6 text-center text-faint text-sm @2xl:flex">{t('choose')}</p>
      )}
      {drop.over && (
        <div className="pointer-events-none absolute inset-1 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft/90 p-4 text-center font-medium text-accent">
          {target ? t('dropInto', { folder: target }) : t('drop')}
        </div>
      )}
      <Asked sessionId={sessionId} panel={panel} files={files} paths={paths} />
      {question && <ReplaceDialog {...question} />}
    </div>
  )
}
