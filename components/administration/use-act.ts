'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '@/components/client/trpc.ts'

/** After an act on a person: everything of the administration that may show it is read again. */
export function useReadAgain(): () => Promise<void> {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: trpc.administration.pathKey() }),
      queries.invalidateQueries({ queryKey: trpc.audit.pathKey() }),
    ])
  }
}
