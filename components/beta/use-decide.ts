'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC, useTRPCClient } from '@/components/client/trpc.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import type { DecideOutput, Decision } from '@/server/beta/schema.ts'

/** As many as one call takes. */
const perCall = 100

/** Tells what became of a decision: what was done, and what somebody else had done before. */
function useTold() {
  const t = useTranslations('applications.done')
  const sentence = ({ name, status, by, mine }: DecideOutput['before'][number]) =>
    mine ? t('beforeMine', { name, status }) : by ? t('before', { name, status, by }) : t('beforeNobody', { name, status })
  return (decision: Decision, { decided, before, missing }: DecideOutput) => {
    const [first] = before
    const rest = [
      first && sentence(first),
      before.length > 1 && t('more', { count: before.length - 1 }),
      missing.length > 0 && t('missing', { count: missing.length }),
    ].filter((words) => typeof words === 'string')
    const description = rest.length > 0 ? { description: rest.join(' ') } : undefined
    if (decided.length > 0) toast.success(t(decision, { count: decided.length }), description)
    else toast.warning(t('unchanged'), description)
  }
}

/** Decides, and shows what is under way meanwhile; what was refused is as it was before. */
export function useDecide() {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const failed = useFailureToast()
  const told = useTold()
  const [underWay, setUnderWay] = useState<ReadonlyMap<string, Decision>>(new Map())
  const mark = (ids: readonly string[], decision: Decision | null) =>
    setUnderWay((before) => {
      const after = new Map(before)
      for (const id of ids) decision ? after.set(id, decision) : after.delete(id)
      return after
    })
  const decide = async (ids: string[], decision: Decision, message: string) => {
    mark(ids, decision)
    try {
      for (let at = 0; at < ids.length; at += perCall) {
        told(decision, await client.beta.decide.mutate({ ids: ids.slice(at, at + perCall), decision, message }))
      }
    } catch (error) {
      failed(error)
    }
    // Only what the server has is shown as decided.
    await Promise.all([
      queries.invalidateQueries({ queryKey: trpc.beta.pathKey() }),
      queries.invalidateQueries({ queryKey: trpc.administration.sections.queryKey() }),
    ]).catch(() => undefined)
    mark(ids, null)
  }
  return { decide, underWay }
}
