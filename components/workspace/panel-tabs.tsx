'use client'

import { makePart } from '@/components/client/part.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { PanelTab } from './side-panel.tsx'

const waiting = <Skeleton className="m-3 h-24" />
const Files = makePart(() => import('@/components/files/files-panel.tsx').then(({ FilesPanel }) => FilesPanel), {
  waiting,
})
const Changes = makePart(() => import('@/components/files/changes-panel.tsx').then(({ ChangesPanel }) => ChangesPanel), {
  waiting,
})
const Terminal = makePart(() => import('@/components/terminals/terminal-panel.tsx').then(({ TerminalPanel }) => TerminalPanel), {
  waiting,
})
const Preview = makePart(() => import('@/components/terminals/preview-panel.tsx').then(({ PreviewPanel }) => PreviewPanel), {
  waiting,
})

/** What there is beside the thread; each is loaded when it is first opened. */
export const panelTabs: readonly PanelTab[] = [
  { name: 'files', draw: (sessionId) => <Files sessionId={sessionId} /> },
  { name: 'changes', draw: (sessionId, changes) => <Changes sessionId={sessionId} changes={changes} /> },
  { name: 'terminal', draw: (sessionId) => <Terminal sessionId={sessionId} /> },
  { name: 'preview', draw: (sessionId) => <Preview sessionId={sessionId} /> },
]
