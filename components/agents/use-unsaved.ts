'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

/** The address within this site that a click leads away to; null for everything that stays, opens elsewhere or is no link. */
function wayOut(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
  if (!link || link.target === '_blank' || link.hasAttribute('download') || link.origin !== window.location.origin) return null
  return link.pathname === window.location.pathname ? null : `${link.pathname}${link.search}${link.hash}`
}

/** Holds up whoever would leave a page with unsaved changes: the browser asks where the page is closed, we where a link is followed. */
export function useUnsaved(dirty: boolean) {
  const router = useRouter()
  const [leaving, setLeaving] = useState<string | null>(null)
  useEffect(() => {
    if (!dirty) return
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const href = wayOut(event)
      if (href === null) return
      event.preventDefault()
      event.stopPropagation()
      setLeaving(href)
    }
    window.addEventListener('beforeunload', onClose)
    // Before the link itself hears of it.
    document.addEventListener('click', onClick, true)
    return () => {
      window.removeEventListener('beforeunload', onClose)
      document.removeEventListener('click', onClick, true)
    }
  }, [dirty])
  return { asking: leaving !== null, stay: () => setLeaving(null), leave: () => leaving !== null && router.push(leaving) }
}
