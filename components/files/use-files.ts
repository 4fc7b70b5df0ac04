'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFileChanges } from './use-file-changes.ts'

/** A conversation's tree of files, kept up to date, and what is done to whole files. */
export function useFiles(sessionId: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const tree = useQuery(trpc.files.tree.queryOptions({ sessionId }))
  const read = useCallback(
    () =>
      Promise.all([
        client.invalidateQueries({ queryKey: trpc.files.tree.queryKey({ sessionId }) }),
        client.invalidateQueries({ queryKey: trpc.files.read.queryKey(), predicate: ({ queryKey }) => isOf(queryKey, sessionId) }),
      ]),
    [client, trpc, sessionId],
  )
  useFileChanges(sessionId, read)
  const settled = { onSettled: read }
  // What is refused here is told where the path was typed.
  const asked = { ...settled, meta: { silent: true } }
  return {
    tree,
    read,
    write: useMutation(trpc.files.write.mutationOptions(settled)),
    make: useMutation(trpc.files.write.mutationOptions(asked)),
    move: useMutation(trpc.files.move.mutationOptions(asked)),
    remove: useMutation(trpc.files.delete.mutationOptions(settled)),
  }
}
export type Files = ReturnType<typeof useFiles>

function isOf(queryKey: readonly unknown[], sessionId: string): boolean {
  const { input } = (queryKey[1] ?? {}) as { input?: { sessionId?: string } }
  return input?.sessionId === sessionId
}
