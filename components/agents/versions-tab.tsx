'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { GitCompare, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Select } from '@/components/ui/input.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Agent, AgentVersionRow } from '@/server/agents/schema.ts'
import { Difference } from './difference.tsx'
import { useAgentsAgain } from './use-agent-acts.ts'

function useRollback(agent: Agent) {
  const t = useTranslations('agentForm.versions')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const again = useAgentsAgain()
  return useMutation(
    trpc.agents.rollback.mutationOptions({
      onSuccess: (stored, { number }) => {
        toast.success(t('done', { number, version: stored.version }))
        queries.setQueryData(trpc.agents.get.queryKey({ id: agent.id }), stored)
        again()
      },
    }),
  )
}

function RollbackButton({ agent, number, disabled }: { agent: Agent; number: number; disabled: boolean }) {
  const t = useTranslations('agentForm.versions')
  const rollback = useRollback(agent)
  return (
    <Confirm
      tone="primary"
      trigger={
        <Button size="sm" variant="ghost" disabled={disabled || rollback.isPending} aria-label={t('rollbackName', { number })}>
          <RotateCcw aria-hidden />
          {t('rollback')}
        </Button>
      }
      title={t('title', { number })}
      description={t('text', { number })}
      cancel={t('cancel')}
      confirm={t('confirm')}
      onConfirm={() => rollback.mutate({ id: agent.id, number, version: agent.version })}
    />
  )
}

interface RowProps {
  agent: Agent
  row: AgentVersionRow
  /** The numbers it can be compared with. */
  others: number[]
  shown: Pair | null
  onShow: (pair: Pair | null) => void
  dirty: boolean
}
interface Pair {
  from: number
  to: number
}

function VersionRow({ agent, row, others, shown, onShow, dirty }: RowProps) {
  const t = useTranslations('agentForm.versions')
  const { number } = row
  const before = others.find((other) => other < number) ?? null
  const open = shown?.to === number
  return (
    <li className={cn('flex flex-wrap items-center gap-x-3 gap-y-2 border-t px-4 py-2.5 first:border-t-0', open && 'bg-sunken')}>
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex items-center gap-2 font-medium text-sm">
          {t('version', { number })}
          {row.current && <Badge tone="accent">{t('current')}</Badge>}
        </p>
        <p className="truncate text-faint text-xs">
          <bdi>{row.author ?? t('nobody')}</bdi> · <TimeAgo at={row.createdAt} />
        </p>
      </div>
      {before === null ? (
        <span className="text-faint text-xs">{t('first')}</span>
      ) : (
        <>
          <Select
            aria-label={t('compareLabel', { number })}
            value={open ? shown.from : before}
            onChange={({ target }) => onShow({ from: Number(target.value), to: number })}
          >
            {others.map((other) => (
              <option key={other} value={other}>
                {t('version', { number: other })}
              </option>
            ))}
          </Select>
          <Button
            size="sm"
            aria-expanded={open}
            aria-label={t('show', { number })}
            onClick={() => onShow(open ? null : { from: before, to: number })}
          >
            <GitCompare aria-hidden />
            {t('compare')}
          </Button>
        </>
      )}
      {!row.current && <RollbackButton agent={agent} number={number} disabled={dirty} />}
    </li>
  )
}

/** Every version that was kept, what it changed, and the way back to it. */
export function VersionsTab({ agent, dirty }: { agent: Agent; dirty: boolean }) {
  const t = useTranslations('agentForm.versions')
  const words = useFailureWords()
  const { data, error, refetch } = useQuery(useTRPC().agents.versions.queryOptions({ id: agent.id }))
  const again = useTranslations('agents')('again')
  const [shown, setShown] = useState<Pair | null>(null)
  const numbers = data?.items.map(({ number }) => number) ?? []
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <p className="text-muted">{t('lead')}</p>
      {dirty && <p className="text-sm text-warn">{t('unsavedFirst')}</p>}
      {shown && <Difference key={`${shown.from}-${shown.to}`} id={agent.id} {...shown} />}
      <Card>
        {!data && error && (
          <Banner tone="bad" title={words(error).title} className="m-4" action={<Button onClick={() => void refetch()}>{again}</Button>}>
            {words(error).text}
          </Banner>
        )}
        {!data && !error && (
          <div role="status" className="p-4">
            <span className="sr-only">{t('loading')}</span>
            <Skeleton className="h-12" />
          </div>
        )}
        <ul>
          {data?.items.map((row) => (
            <VersionRow
              key={row.number}
              {...{ agent, row, shown, dirty }}
              others={numbers.filter((number) => number !== row.number)}
              onShow={setShown}
            />
          ))}
        </ul>
      </Card>
    </div>
  )
}
