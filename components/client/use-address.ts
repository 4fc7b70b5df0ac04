'use client'

import { useEffect } from 'react'

/** Keeps what a page shows in its address, so that it can be reloaded and handed on; what is empty is left out. */
export function useAddress(values: Record<string, string | undefined>): void {
  const query = new URLSearchParams(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]))).toString()
  useEffect(() => {
    const next = `${window.location.pathname}${query ? `?${query}` : ''}`
    if (next !== `${window.location.pathname}${window.location.search}`) window.history.replaceState(null, '', next)
  }, [query])
}
