'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'

/** Whether files are held over the conversation; what is dropped anywhere on it goes with the message. */
export function useFileDrop(within: RefObject<HTMLElement | null>, add: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(add)
  latest.current = add
  useEffect(() => {
    const place = within.current?.closest<HTMLElement>('[data-conversation]')
    if (!place) return
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!place.contains(event.relatedTarget as Node | null)) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      latest.current(files)
    }
    place.addEventListener('dragover', drag)
    place.addEventListener('dragleave', leave)
    place.addEventListener('drop', drop)
    return () => {
      place.removeEventListener('dragover', drag)
      place.removeEventListener('dragleave', leave)
      place.removeEventListener('drop', drop)
    }
  }, [within])
  return over
}
