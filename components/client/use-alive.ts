'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** False until the page listens. A button that only a script answers is disabled till then, so that no press of it is lost. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
