'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { holdUp } from '@/components/client/leave.ts'

/** The address within this site that a click leads away to; null for everything that stays, opens elsewhere or is no link. */
function wayOut(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
  if (!link || link.target === '_blank' || link.hasAttribute('download') || link.origin !== window.location.origin) return null
  return link.pathname === window.location.pathname ? null : `${link.pathname}${link.search}${link.hash}`
}

/** Holds up the browser's Back and Forward, where it lets pages do that: the way is then given to `ask`. */
function holdBack(ask: (go: () => void) => void): () => void {
  if (!('navigation' in window)) return () => undefined
  const { navigation } = window
  let mayGo = false
  const onNavigate = (event: NavigateEvent) => {
    if (event.navigationType !== 'traverse' || event.hashChange || !event.cancelable || mayGo) return
    event.preventDefault()
    const { key } = event.destination
    ask(() => {
      mayGo = true
      navigation.traverseTo(key)
    })
  }
  navigation.addEventListener('navigate', onNavigate)
  return () => navigation.removeEventListener('navigate', onNavigate)
}

/** Holds up whoever would leave a page with unsaved changes: the browser asks where the page is closed, we where one goes elsewhere within this site. */
export function useUnsaved(dirty: boolean) {
  const router = useRouter()
  const [leaving, setLeaving] = useState<(() => void) | null>(null)
  useEffect(() => {
    if (!dirty) return
    const ask = (go: () => void) => setLeaving(() => go)
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const href = wayOut(event)
      if (href === null) return
      event.preventDefault()
      event.stopPropagation()
      ask(() => router.push(href))
    }
    window.addEventListener('beforeunload', onClose)
    // Before the link itself hears of it.
    document.addEventListener('click', onClick, true)
    const release = [holdUp(ask), holdBack(ask)]
    return () => {
      window.removeEventListener('beforeunload', onClose)
      document.removeEventListener('click', onClick, true)
      for (const end of release) end()
    }
  }, [dirty, router])
  return { asking: leaving !== null, stay: () => setLeaving(null), leave: () => leaving?.() }
}
