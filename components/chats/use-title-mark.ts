'use client'

import { useEffect } from 'react'

const mark = /^\(\d+\) /

/** Puts a number before the page's title while there is something new, whichever page comes. */
export function useTitleMark(count: number): void {
  useEffect(() => {
    const set = () => {
      const plain = document.title.replace(mark, '')
      const wanted = count > 0 ? `(${count}) ${plain}` : plain
      if (document.title !== wanted) document.title = wanted
    }
    set()
    // Each page brings its own title, at a time of its own.
    const observer = new MutationObserver(set)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [count])
}
