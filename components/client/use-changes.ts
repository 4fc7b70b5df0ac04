'use client'

import { useEffect, useMemo, useRef } from 'react'
import { onceAtATime } from './again.ts'
import { pageSocket } from './page-socket.ts'
import { makeProjectWatch, type ProjectWatch } from './project-watch.ts'

const restMs = 200
let watch: ProjectWatch | undefined

function pageWatch(): ProjectWatch {
  watch ??= makeProjectWatch(pageSocket() as never)
  return watch
}

/** Reads again whenever one of these projects changed: the socket only says that something did. */
export function useChanges(services: readonly string[], read: () => Promise<unknown>): void {
  const latest = useRef(read)
  latest.current = read
  const again = useMemo(() => onceAtATime(() => latest.current(), restMs), [])
  const names = [...services].sort().join(' ')
  useEffect(() => {
    const leave = names
      .split(' ')
      .filter(Boolean)
      .map((service) => pageWatch()(service, again))
    return () => {
      for (const leaveOne of leave) leaveOne()
    }
  }, [names, again])
}
