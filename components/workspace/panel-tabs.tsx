'use client'

import type { PanelTab } from './side-panel.tsx'

/** What there is beside the thread; each is loaded when it is first opened. */
export const panelTabs: readonly PanelTab[] = []
