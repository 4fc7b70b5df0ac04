'use client'

import { Play } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'

/** Whether an agent takes runs just now. */
const mayRun = ({ status, archived }: Pick<AgentCard, 'status' | 'archived'>): boolean => status !== 'paused' && !archived

/** Opens a conversation with an agent; nothing where it would refuse. */
export function RunButton({ agent, size, variant }: { agent: AgentCard; size?: 'sm' | 'md'; variant?: 'primary' | 'secondary' }) {
  const t = useTranslations('agents')
  if (!mayRun(agent)) return null
  return (
    <Button asChild size={size ?? 'sm'} variant={variant ?? 'secondary'}>
      <Link href={`/workspace/new?agent=${agent.id}`} prefetch={false} aria-label={t('runName', { name: agent.name })}>
        <Play aria-hidden />
        {t('run')}
      </Link>
    </Button>
  )
}
