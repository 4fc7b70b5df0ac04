'use client'

import { createContext, type ReactNode, useContext } from 'react'

const Demo = createContext(false)

/** Tells the page below whether the demo model stands in for Claude here. */
export function DemoModel({ on, children }: { on: boolean; children: ReactNode }) {
  return <Demo value={on}>{children}</Demo>
}

/** Whether the demo model stands in for Claude: what its answers are said to cost is what Claude would have taken, and nobody pays it. */
export const useDemoModel = (): boolean => useContext(Demo)
