'use client'

import { useSyncExternalStore } from 'react'

/** Something large that is loaded when it is first needed, once for the whole page; null until it is there. */
export function makeLoaded<T>(load: () => Promise<T>) {
  const listeners = new Set<() => void>()
  let loaded: T | null = null
  let loading = false
  const begin = () => {
    if (loading) return
    loading = true
    load().then(
      (value) => {
        loaded = value
        for (const listener of [...listeners]) listener()
      },
      () => {
        // A connection that is away now may be back when somebody needs it again.
        loading = false
      },
    )
  }
  const subscribe = (changed: () => void) => {
    begin()
    listeners.add(changed)
    return () => {
      listeners.delete(changed)
    }
  }
  const never = () => () => undefined
  return (needed: boolean): T | null =>
    useSyncExternalStore(
      needed ? subscribe : never,
      () => (needed ? loaded : null),
      () => null,
    )
}
