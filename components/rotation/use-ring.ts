'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import type { RoundView } from '@/server/rotation/schema.ts'

const atWorkMs = 1_500
const idleMs = 15_000

/** While something is sealed anew, its progress is looked at often. */
const interval = (ring: { round: RoundView | null; rounds?: RoundView[] } | undefined) =>
  ring?.round?.state === 'RUNNING' || (ring?.rounds?.length ?? 0) > 0 ? atWorkMs : idleMs

/** An id for a request: asked again after a failure it is the same, so that nothing is done twice. */
function useRequestId() {
  const id = useRef<string>(undefined)
  const get = () => {
    id.current ??= crypto.randomUUID()
    return id.current
  }
  const done = () => {
    id.current = undefined
  }
  return { get, done }
}

/** A project's keys, live, and what can be done with them. */
export function useProjectRing(service: string) {
  const t = useTranslations('keys')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const options = trpc.rotation.keys.queryOptions({ service })
  const ring = useQuery({ ...options, refetchInterval: ({ state }) => interval(state.data) })
  useChanges([service], ring.refetch)
  const request = useRequestId()
  const then = (say: () => void) => () => {
    request.done()
    say()
    return queries.invalidateQueries({ queryKey: options.queryKey })
  }
  const rotate = useMutation(trpc.rotation.rotate.mutationOptions({ onSuccess: then(() => toast.success(t('rotate.done'))) }))
  const reseal = useMutation(trpc.rotation.reseal.mutationOptions({ onSuccess: then(() => toast.success(t('reseal.done'))) }))
  const cancel = useMutation(
    trpc.rotation.cancel.mutationOptions({
      onSuccess: ({ cancelled }) => then(() => toast.success(t(cancelled ? 'round.cancelDone' : 'round.notRunning')))(),
    }),
  )
  return {
    ring,
    rotate: { pending: rotate.isPending, start: () => rotate.mutate({ service, requestId: request.get() }) },
    reseal: { pending: reseal.isPending, start: () => reseal.mutate({ service, requestId: request.get() }) },
    cancel: { pending: cancel.isPending, start: () => cancel.mutate({ service }) },
  }
}

/** The platform's keys and all rounds that go on, live, and what can be done with them. */
export function usePlatformRing() {
  const t = useTranslations('keys')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const options = trpc.rotation.platform.queryOptions()
  const ring = useQuery({ ...options, refetchInterval: ({ state }) => interval(state.data) })
  const request = useRequestId()
  const then = (say: () => void) => () => {
    request.done()
    say()
    return queries.invalidateQueries({ queryKey: options.queryKey })
  }
  const rotate = useMutation(trpc.rotation.rotatePlatform.mutationOptions({ onSuccess: then(() => toast.success(t('rotate.done'))) }))
  const reseal = useMutation(trpc.rotation.resealPlatform.mutationOptions({ onSuccess: then(() => toast.success(t('reseal.done'))) }))
  const cancel = useMutation(
    trpc.rotation.cancelPlatform.mutationOptions({
      onSuccess: ({ cancelled }) => then(() => toast.success(t(cancelled ? 'round.cancelDone' : 'round.notRunning')))(),
    }),
  )
  const tellMaster = ({ rewrapped, failed }: { rewrapped: number; failed: number }) =>
    failed > 0 ? toast.error(t('rotateMaster.some', { failed })) : toast.success(t('rotateMaster.done', { count: rewrapped }))
  const master = useMutation(trpc.rotation.rotateMaster.mutationOptions({ onSuccess: (done) => then(() => void tellMaster(done))() }))
  return {
    ring,
    rotate: { pending: rotate.isPending, start: () => rotate.mutate({ requestId: request.get() }) },
    reseal: { pending: reseal.isPending, start: () => reseal.mutate({ requestId: request.get() }) },
    cancel: { pending: cancel.isPending, start: () => cancel.mutate() },
    master: { pending: master.isPending, start: () => master.mutate({}) },
  }
}
