'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { leaveBy } from '@/components/client/leave.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import type { AgentCard } from '@/server/agents/schema.ts'

/** Reads again whatever shows agents. */
export function useAgentsAgain(): () => void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({ queryKey: trpc.agents.pathKey() })
    void queries.invalidateQueries({ queryKey: trpc.dashboard.pathKey() })
  }
}

/** All that can be done to an agent besides changing what it says. */
export function useAgentActs({ id, name }: Pick<AgentCard, 'id' | 'name'>, onDeleted?: () => void) {
  const t = useTranslations('agents')
  const { agents } = useTRPC()
  const router = useRouter()
  const again = useAgentsAgain()
  const done = (words: string) => ({
    onSuccess: () => {
      toast.success(words)
      again()
    },
  })
  const pause = useMutation(agents.pause.mutationOptions(done(t('done.paused', { name }))))
  const resume = useMutation(agents.resume.mutationOptions(done(t('done.resumed', { name }))))
  const archive = useMutation(
    agents.archive.mutationOptions({
      onSuccess: ({ archived }) => {
        toast.success(t(archived ? 'done.archived' : 'done.unarchived', { name }))
        again()
      },
    }),
  )
  const duplicate = useMutation(
    agents.duplicate.mutationOptions({
      onSuccess: (copy) => {
        toast.success(t('done.duplicated'))
        again()
        leaveBy(() => router.push(`/agents/${copy.id}`))
      },
    }),
  )
  const remove = useMutation(
    agents.remove.mutationOptions({
      onSuccess: () => {
        toast.success(t('done.deleted', { name }))
        onDeleted?.()
        again()
      },
    }),
  )
  return {
    busy: [pause, resume, archive, duplicate, remove].some(({ isPending }) => isPending),
    pause: () => pause.mutate({ id }),
    resume: () => resume.mutate({ id }),
    archive: (archived: boolean) => archive.mutate({ id, archived }),
    duplicate: () => duplicate.mutate({ id, requestId: crypto.randomUUID(), name: t('copyName', { name: name.slice(0, 70) }) }),
    remove: () => remove.mutate({ id }),
  }
}
