'use client'

import { CirclePause, CircleX, type LucideIcon, PencilLine, Zap } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import type { AgentCard, AgentStatus } from '@/server/agents/schema.ts'

const looks: Record<AgentStatus, { icon: LucideIcon; tone: Tone }> = {
  draft: { icon: PencilLine, tone: 'idle' },
  active: { icon: Zap, tone: 'ok' },
  paused: { icon: CirclePause, tone: 'warn' },
  error: { icon: CircleX, tone: 'bad' },
}

/** Whether an agent may run, with an icon and a word. */
export function AgentState({ agent }: { agent: Pick<AgentCard, 'status' | 'archived'> }) {
  const t = useTranslations('agents')
  const { icon: Icon, tone } = looks[agent.status]
  if (agent.archived) return <Badge>{t('archivedBadge')}</Badge>
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`status.${agent.status}`)}
    </Badge>
  )
}

const known = [
  ...['quota', 'overloaded', 'refused', 'tooLong', 'interrupted', 'unreachable', 'paused', 'engineMissing'],
  ...['agentGone', 'unreadable', 'internal', 'budget', 'closed'],
] as const

/** Why an agent is in `error`, in words. */
export function useErrorText(): (reason: string | null) => string {
  const t = useTranslations('agents')
  return (code) => {
    const reason =
      code !== null && (known as readonly string[]).includes(code)
        ? t(`reasons.${code as 'quota'}`)
        : t('reasons.other', { code: code ?? '?' })
    return t('errorText', { reason })
  }
}
