'use client'

import { useCallback, useEffect, useState } from 'react'

const nameOf = (sessionId: string) => `draft:${sessionId}`

/** Where a browser keeps nothing, a draft lives as long as its page. */
function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}
function write(name: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(name, text)
    else sessionStorage.removeItem(name)
  } catch {
    // Full, or forbidden.
  }
}

/** What is being written in a conversation, kept in this tab through a reload. */
export function useDraft(sessionId: string): [string, (text: string) => void] {
  const [text, setText] = useState('')
  useEffect(() => setText(read(nameOf(sessionId))), [sessionId])
  const change = useCallback(
    (next: string) => {
      setText(next)
      write(nameOf(sessionId), next)
    },
    [sessionId],
  )
  return [text, change]
}
