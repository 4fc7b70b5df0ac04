'use client'

import { useEffect, useMemo, useRef } from 'react'
import { onceAtATime } from '@/components/client/again.ts'
import { chatDesk } from '@/components/client/use-workspace.ts'

const restMs = 200
const nothing = () => undefined

/** Reads again whenever a conversation's files changed, and after every connection. */
export function useFileChanges(sessionId: string, read: () => Promise<unknown>): void {
  const latest = useRef(read)
  latest.current = read
  const again = useMemo(() => onceAtATime(() => latest.current(), restMs), [])
  useEffect(() => {
    const changed = (kind: string) => {
      if (kind === 'files') again()
    }
    return chatDesk().open(sessionId, { opened: () => void again(), frame: nothing, changed, offline: nothing, failed: nothing })
  }, [sessionId, again])
}
