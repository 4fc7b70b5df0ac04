'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Duration } from '@/components/ui/time.tsx'
import type { StageView } from '@/server/builds/schema.ts'
import { useStageName } from './stage-name.ts'
import { StatusBadge, StatusIcon } from './status-icon.tsx'

const reasonLooks: Partial<Record<StageView['status'], string>> = { UNSTABLE: 'text-warn', NOT_BUILT: 'text-muted' }

/** The chosen stage above its console: how it stands, why, and its steps. */
export function StageSteps({ stage, onClose }: { stage: StageView; onClose: () => void }) {
  const t = useTranslations('build')
  const name = useStageName()
  return (
    <div className="grid gap-2 border-b px-4 py-3">
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 truncate font-semibold">{name(stage)}</h2>
        <StatusBadge status={stage.status} />
        <Button variant="ghost" size="sm" className="ml-auto" onClick={onClose}>
          <X aria-hidden />
          {t('wholeConsole')}
        </Button>
      </div>
      {stage.reason && (
        <p className={cn('whitespace-pre-line [overflow-wrap:anywhere]', reasonLooks[stage.status] ?? 'text-bad')}>{stage.reason}</p>
      )}
      {stage.reasonUnreadable && <CannotOpen />}
      {stage.steps.length > 0 && (
        <Scroller className="max-h-32 overflow-y-auto">
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {stage.steps.map((step) => (
              <li key={step.key} className="flex items-center gap-1.5">
                <StatusIcon status={step.status} label />
                <span className="[overflow-wrap:anywhere]">{step.name}</span>
                {step.startedAt && <Duration className="text-faint" from={step.startedAt} to={step.endedAt} />}
                {step.attempt > 1 && <span className="tabular text-faint">{t('attempt', { attempt: step.attempt })}</span>}
                {step.exitCode !== null && step.exitCode !== 0 && (
                  <span className="tabular text-bad">{t('exitCode', { code: step.exitCode })}</span>
                )}
                {step.reasonUnreadable && <CannotOpen className="text-xs" />}
                {step.reason && <span className="text-bad [overflow-wrap:anywhere]">{step.reason}</span>}
              </li>
            ))}
          </ul>
        </Scroller>
      )}
    </div>
  )
}
