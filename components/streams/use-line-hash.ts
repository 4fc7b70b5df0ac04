'use client'

import { useCallback, useEffect, useState } from 'react'

/** The line number in `#L120`, or null. */
export function lineOfHash(hash: string): number | null {
  const match = /^#L([1-9]\d{0,9})$/.exec(hash)
  return match ? Number(match[1]) : null
}

/** The line that the address points to, and the way to point to another one. */
export function useLineHash(): [line: number | null, point: (seq: number) => void] {
  const [line, setLine] = useState<number | null>(() => (typeof window === 'undefined' ? null : lineOfHash(window.location.hash)))
  useEffect(() => {
    const read = () => setLine(lineOfHash(window.location.hash))
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  const point = useCallback((seq: number) => {
    // Replaced, not pushed: pointing at ten lines is not ten pages to go back through.
    history.replaceState(history.state, '', `#L${seq}`)
    setLine(seq)
  }, [])
  return [line, point]
}
