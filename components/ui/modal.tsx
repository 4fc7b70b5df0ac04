'use client'

import { type RefObject, useEffect, useRef } from 'react'

/** Where the focus was lately, the newest first: a menu that opened a window is gone when that closes, but the menu's button is not. */
const trail: Element[] = []
const longestTrail = 8

if (typeof document !== 'undefined')
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element) || target === trail[0]) return
    trail.unshift(target)
    trail.length = Math.min(trail.length, longestTrail)
  })

let open = 0
function setBehind(inert: boolean): void {
  for (const element of document.querySelectorAll<HTMLElement>('main, body > header')) element.inert = inert
}

function Behind({ before, off }: { before: RefObject<readonly Element[]>; off: boolean }) {
  useEffect(() => {
    before.current = [...trail]
  }, [before])
  useEffect(() => {
    if (off) return
    if (++open === 1) setBehind(true)
    return () => {
      if (--open === 0) setBehind(false)
    }
  }, [off])
  return null
}

/**
 * For a modal window. What lies behind it is out of reach for as long as it is open, unless it is `hidden`: what the windows' own library hides is what is
 * there when they open, and never what surrounds a live region. And the focus goes back to where it was, also where no trigger opened the window.
 */
export function useModal(hidden = false) {
  const before = useRef<readonly Element[]>([])
  const onCloseAutoFocus = (event: Event) => {
    // This comes a moment after the window is gone. Whoever has taken the focus somewhere by then keeps it there.
    const now = document.activeElement
    if (now && now !== document.body && now !== event.target) return event.preventDefault()
    const place = before.current.find((one) => one.isConnected && one.getClientRects().length > 0)
    if (!(place instanceof HTMLElement)) return
    event.preventDefault()
    place.focus()
  }
  return { content: { onCloseAutoFocus }, behind: <Behind before={before} off={hidden} /> }
}
