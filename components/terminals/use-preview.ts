'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { chatDesk } from '@/components/client/use-workspace.ts'

const nothing = () => undefined
const lookMs = 1_500

/** A conversation's preview, and what may be done about it. The socket says when its state changed; while it starts, its output is read again and again. */
export function usePreview(sessionId: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = trpc.terminals.preview.queryOptions({ sessionId })
  const { queryKey } = options
  const preview = useQuery({ ...options, refetchInterval: ({ state }) => (state.data?.state === 'starting' ? lookMs : false) })
  const suggestion = useQuery({ ...trpc.terminals.suggestion.queryOptions({ sessionId }), staleTime: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is made of the conversation's id.
  useEffect(() => {
    const read = () => void queryClient.invalidateQueries({ queryKey })
    const changed = (kind: string) => kind === 'preview' && read()
    return chatDesk().open(sessionId, { opened: read, frame: nothing, changed, offline: nothing, failed: nothing })
  }, [sessionId, queryClient])
  const onSuccess = (data: NonNullable<typeof preview.data>) => queryClient.setQueryData(queryKey, data)
  const start = useMutation(trpc.terminals.startPreview.mutationOptions({ onSuccess }))
  const stop = useMutation(trpc.terminals.stopPreview.mutationOptions({ onSuccess }))
  return { preview, suggestion, start, stop }
}

/** What is typed as the command: the one that runs, else the one that is suggested, until somebody types another. */
export function useCommand(running: string | null | undefined, suggested: string | null | undefined) {
  const [typed, setTyped] = useState<string | null>(null)
  return [typed ?? running ?? suggested ?? '', setTyped] as const
}

/** Whether this page's policy keeps a frame from being shown: it came from another page, which may not frame anything. */
export function useBlocked(address: string | null): boolean {
  const [blocked, setBlocked] = useState<string | null>(null)
  useEffect(() => {
    const heard = (event: SecurityPolicyViolationEvent) => {
      if (event.effectiveDirective === 'frame-src') setBlocked(address)
    }
    document.addEventListener('securitypolicyviolation', heard)
    return () => document.removeEventListener('securitypolicyviolation', heard)
  }, [address])
  return blocked !== null && blocked === address
}
