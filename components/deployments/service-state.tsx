import { CircleArrowUp, CircleDot, CirclePause, CloudOff, LoaderCircle, type LucideIcon } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import type { ServiceView } from '@/server/deployments/schema.ts'

const looks: Record<ServiceView['state'], { icon: LucideIcon; tone: Tone }> = {
  NEVER_DEPLOYED: { icon: CircleDot, tone: 'idle' },
  STARTING: { icon: LoaderCircle, tone: 'run' },
  UP: { icon: CircleArrowUp, tone: 'ok' },
  DOWN: { icon: CloudOff, tone: 'bad' },
  STOPPED: { icon: CirclePause, tone: 'idle' },
}

/** Whether the app answers, as icon and word. */
export function ServiceState({ state }: { state: ServiceView['state'] }) {
  const t = useTranslations('serviceState')
  const { icon: Icon, tone } = looks[state]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={state === 'STARTING' ? 'animate-spin-slow' : undefined} />
      {t(state)}
    </Badge>
  )
}
