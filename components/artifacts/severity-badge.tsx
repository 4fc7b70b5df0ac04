'use client'

import { ArrowDown, ChevronsUp, ChevronUp, Info, Minus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge.tsx'
import type { Severity } from '@/server/ai/schema.ts'

const looks = {
  critical: { tone: 'bad', icon: ChevronsUp, style: 'ring-1 ring-bad/60 ring-inset' },
  high: { tone: 'bad', icon: ChevronUp, style: undefined },
  medium: { tone: 'warn', icon: Minus, style: undefined },
  low: { tone: 'run', icon: ArrowDown, style: undefined },
  info: { tone: 'idle', icon: Info, style: undefined },
} as const

/** How grave a finding is: its word, a mark and a colour. `children` say it in other words, and one that is `quiet` has no colour. */
export function SeverityBadge({ severity, quiet, children }: { severity: Severity; quiet?: boolean; children?: ReactNode }) {
  const t = useTranslations('review.severity')
  const { tone, icon: Icon, style } = looks[severity]
  return (
    <Badge tone={quiet ? 'idle' : tone} className={quiet ? undefined : style}>
      <Icon aria-hidden />
      {children ?? t(severity)}
    </Badge>
  )
}
