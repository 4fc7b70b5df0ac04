'use client'

import { type ComponentProps, useEffect, useRef, useState } from 'react'

/** Whether an element has more to show than it can; asked again whenever it or what it holds changes its size. */
function useOverflow() {
  const ref = useRef<HTMLDivElement>(null)
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => setOverflows(element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  })
  return [ref, overflows] as const
}

/** A box that scrolls where its content is larger than itself, and is then reached by the keyboard. */
export function Scroller(props: ComponentProps<'div'>) {
  const [ref, overflows] = useOverflow()
  return <div ref={ref} tabIndex={overflows ? 0 : undefined} {...props} />
}
