'use client'

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

const wide = '(min-width: 64rem)'

function subscribe(heard: () => void): () => void {
  const query = window.matchMedia(wide)
  query.addEventListener('change', heard)
  return () => query.removeEventListener('change', heard)
}

/** Whether there is room beside the thread; the server draws for a wide screen, and the style sheet hides it on a narrow one. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(wide).matches,
    () => true,
  )

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** A choice that this browser keeps for the next time. */
export function useKept<T extends string>(name: string, first: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(first)
  useEffect(() => {
    const known = kept(name)
    if (known !== null) setValue(known as T)
  }, [name])
  const keep = useCallback(
    (next: T) => {
      setValue(next)
      try {
        localStorage.setItem(name, next)
      } catch {
        // Then it is chosen again.
      }
    },
    [name],
  )
  return [value, keep]
}
