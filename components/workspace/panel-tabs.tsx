'use client'

import dynamic from 'next/dynamic'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { PanelTab } from './side-panel.tsx'

const Coming = () => <Skeleton className="m-3 h-24" />
const Files = dynamic(() => import('@/components/files/files-panel.tsx').then(({ FilesPanel }) => FilesPanel), {
  ssr: false,
  loading: Coming,
})
const Changes = dynamic(() => import('@/components/files/changes-panel.tsx').then(({ ChangesPanel }) => ChangesPanel), {
  ssr: false,
  loading: Coming,
})
const Terminal = dynamic(() => import('@/components/terminals/terminal-panel.tsx').then(({ TerminalPanel }) => TerminalPanel), {
  ssr: false,
  loading: Coming,
})
const Preview = dynamic(() => import('@/components/terminals/preview-panel.tsx').then(({ PreviewPanel }) => PreviewPanel), {
  ssr: false,
  loading: Coming,
})

/** What there is beside the thread; each is loaded when it is first opened. */
export const panelTabs: readonly PanelTab[] = [
  { name: 'files', draw: (sessionId) => <Files sessionId={sessionId} /> },
  { name: 'changes', draw: (sessionId, changes) => <Changes sessionId={sessionId} changes={changes} /> },
  { name: 'terminal', draw: (sessionId) => <Terminal sessionId={sessionId} /> },
  { name: 'preview', draw: (sessionId) => <Preview sessionId={sessionId} /> },
]
