'use client'

import { type ComponentProps, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * Whether an element has more to show than it can. Until that is known, it counts as if it had: a region that scrolls is never out of the keyboard's reach,
 * not even for the first frame.
 */
function useOverflow() {
  const ref = useRef<HTMLDivElement>(null)
  const [overflows, setOverflows] = useState(true)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => setOverflows(element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth)
    // What changed is answered before the next frame is drawn, and not in one of the next.
    const measureNow = () => flushSync(measure)
    const sizes = new ResizeObserver(measureNow)
    const content = new MutationObserver((changes) => {
      for (const { target, addedNodes, removedNodes } of changes) {
        if (target !== element) continue
        for (const node of removedNodes) if (node instanceof Element) sizes.unobserve(node)
        for (const node of addedNodes) if (node instanceof Element) sizes.observe(node)
      }
      measureNow()
    })
    measure()
    for (const box of [element, ...element.children]) sizes.observe(box)
    content.observe(element, { childList: true, characterData: true, subtree: true })
    return () => {
      content.disconnect()
      sizes.disconnect()
    }
  }, [])
  return [ref, overflows] as const
}

/** A box that scrolls where its content is larger than itself, and is then reached by the keyboard. */
export function Scroller(props: ComponentProps<'div'>) {
  const [ref, overflows] = useOverflow()
  return <div ref={ref} tabIndex={overflows ? 0 : undefined} {...props} />
}
