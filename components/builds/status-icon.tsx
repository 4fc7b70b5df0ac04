import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import { cn } from '@/components/ui/cn.ts'
import type { BuildStatus } from '@/server/builds/schema.ts'
import { statusLooks } from './status.ts'

/** The ball: a status as an icon. The word must stand beside it, or `label` speaks it to screen readers. */
export function StatusIcon({ status, label, className }: { status: BuildStatus; label?: boolean; className?: string }) {
  const t = useTranslations('status')
  const { icon: Icon, text, moving } = statusLooks[status]
  return (
    <>
      <Icon aria-hidden className={cn('size-4 shrink-0', text, moving && 'animate-spin-slow', className)} />
      {label && <span className="sr-only">{t(status)}</span>}
    </>
  )
}

/** A status as icon and word. */
export function StatusBadge({ status }: { status: BuildStatus }) {
  const t = useTranslations('status')
  return (
    <Badge tone={statusLooks[status].tone}>
      <StatusIcon status={status} />
      {t(status)}
    </Badge>
  )
}
