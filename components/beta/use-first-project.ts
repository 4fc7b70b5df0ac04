'use client'

import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import { fetchSample } from '@/components/projects/samples.tsx'

/**
 * Leaves the introduction for another page by a whole load: the router remembers that the dashboard sent its reader here, and would do
 * so again.
 */
export const leaveFor = (path: string) => window.location.assign(path)

/** Makes a project of a sample, one however often it is asked for, and leads to its build. */
export function useFirstProject(): { build: (sample: string) => void; busy: boolean } {
  const toast = useFailureToast()
  const requests = useRef(new Map<string, string>())
  const finish = useMutation(useTRPC().accounts.finishOnboarding.mutationOptions({ meta: { silent: true } }))
  const create = useMutation(
    useTRPC().projects.create.mutationOptions({
      onSuccess: ({ service, build }) => {
        // Whoever has a project is not asked again, so whether this went well is all the same.
        finish.mutate(undefined, { onSettled: () => leaveFor(`/${service}/builds/${build}`) })
      },
    }),
  )
  const read = useMutation({
    mutationFn: fetchSample,
    meta: { silent: true },
    onSuccess: ({ title, body }, sample) => {
      const requestId = requests.current.get(sample) ?? crypto.randomUUID()
      requests.current.set(sample, requestId)
      create.mutate({ requestId, source: { type: 'text', title, body } })
    },
    onError: toast,
  })
  return { build: (sample) => read.mutate(sample), busy: read.isPending || create.isPending || create.isSuccess }
}
