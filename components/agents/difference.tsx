'use client'

import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { DiffView } from '@/components/artifacts/diff-view.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { type AgentDifference, engines, permissions, sharings, type ToolName, toolNames } from '@/server/agents/schema.ts'
import { efforts } from '@/server/models/schema.ts'
import { modelLabel } from './agent-tile.tsx'

type Change = AgentDifference['fields'][number]
const heads = ['name', 'description', 'tags', 'avatar', 'sharing', 'service'] as const
const parts = ['instructions', 'engine', 'model', 'temperature', 'maxTokens', 'effort', 'thinking', 'pages'] as const

/** How a field is called. */
function useFieldName(): (field: string) => string {
  const t = useTranslations('agentForm')
  return (field) => {
    const head = heads.find((one) => one === field)
    if (head) return t(`fields.${head}`)
    const [, kind = '', name = ''] = /^config\.(\w+)(?:\.(.+))?$/s.exec(field) ?? []
    if (kind === 'tools' && toolNames.some((one) => one === name)) return t('fields.tool', { name: t(`tools.${name as ToolName}.name`) })
    if (kind === 'mcpServers') return t('fields.server', { name })
    const part = parts.find((one) => one === kind)
    return part ? t(`fields.${part}`) : field
  }
}

/** A value as people read it. */
function useValue(): (field: string, value: string) => string {
  const t = useTranslations('agentForm')
  const engineNames = useTranslations('agents.engine')
  return (field, value) => {
    if (value === '') return t('versions.nothing')
    if (field === 'config.model') return modelLabel(value)
    const effort = field === 'config.effort' && efforts.find((one) => one === value)
    if (effort) return t(`efforts.${effort}`)
    if (field === 'config.thinking' && (value === 'on' || value === 'off')) return t(`thinkings.${value}`)
    const permission = field.startsWith('config.tools.') && permissions.find((one) => one === value)
    if (permission) return t(`permission.${permission}`)
    const sharing = field === 'sharing' && sharings.find((one) => one === value)
    if (sharing) return t(`sharings.${sharing}`)
    const engine = field === 'config.engine' && engines.find((one) => one === value)
    return engine ? engineNames(engine) : value
  }
}

function Changed({ change }: { change: Change }) {
  const t = useTranslations('agentForm.versions')
  const [nameOf, shownOf] = [useFieldName(), useValue()]
  const { field, before, after, patch, secrets } = change
  return (
    <li className="grid gap-2 border-t px-4 py-3 first:border-t-0">
      <h3 className="font-medium text-sm [overflow-wrap:anywhere]">
        <bdi>{nameOf(field)}</bdi>
      </h3>
      {patch !== null && (
        <Scroller className="max-h-96 overflow-auto rounded-md border p-4">
          <DiffView text={patch} />
        </Scroller>
      )}
      {patch === null && before !== after && (
        <dl className="grid grid-cols-1 gap-2 text-sm sm:grid-cols-2">
          {(['before', 'after'] as const).map((side) => (
            <div key={side} className={side === 'before' ? 'rounded-md bg-bad-soft px-3 py-1.5' : 'rounded-md bg-ok-soft px-3 py-1.5'}>
              <dt className="text-muted text-xs">{t(side)}</dt>
              <dd className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                <bdi>{shownOf(field, side === 'before' ? before : after)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {secrets && (
        <p className="flex items-center gap-1.5 text-muted text-xs">
          <KeyRound aria-hidden className="size-3.5" />
          {t('secrets')}
        </p>
      )}
    </li>
  )
}

/** What one version says otherwise than another, field by field. */
export function Difference({ id, from, to }: { id: string; from: number; to: number }) {
  const t = useTranslations('agentForm.versions')
  const words = useFailureWords()
  const card = useRef<HTMLDivElement>(null)
  const { data, error } = useQuery(useTRPC().agents.difference.queryOptions({ id, from, to }))
  // It stands above the list, out of sight of whoever asked for it further down.
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <Card ref={card} className="scroll-mt-16">
      <CardHeader title={t('difference', { from, to })} />
      {!data && !error && <Skeleton className="m-4 h-20" />}
      {!data && error && (
        <Banner tone="bad" title={words(error).title} className="m-4">
          {words(error).text}
        </Banner>
      )}
      {data?.unreadable && (
        <Banner tone="warn" className="m-4">
          {t('unreadable')}
        </Banner>
      )}
      {data && !data.unreadable && data.fields.length === 0 && <p className="p-4 text-muted">{t('same')}</p>}
      <ul>
        {data?.fields.map((change) => (
          <Changed key={change.field} change={change} />
        ))}
      </ul>
    </Card>
  )
}
