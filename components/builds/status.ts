import { Ban, CircleCheck, CircleDashed, CircleX, Clock, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { Tone } from '@/components/ui/badge.tsx'
import { type BuildStatus, finalStatuses } from '@/server/builds/schema.ts'

/** How a status looks: always an icon of its own shape besides its colour. */
export const statusLooks: Record<BuildStatus, { icon: LucideIcon; tone: Tone; text: string; fill: string; moving?: boolean }> = {
  QUEUED: { icon: Clock, tone: 'idle', text: 'text-idle', fill: 'fill-idle' },
  RUNNING: { icon: LoaderCircle, tone: 'run', text: 'text-run', fill: 'fill-run', moving: true },
  SUCCESS: { icon: CircleCheck, tone: 'ok', text: 'text-ok', fill: 'fill-ok' },
  UNSTABLE: { icon: TriangleAlert, tone: 'warn', text: 'text-warn', fill: 'fill-warn' },
  FAILURE: { icon: CircleX, tone: 'bad', text: 'text-bad', fill: 'fill-bad' },
  ABORTED: { icon: Ban, tone: 'idle', text: 'text-idle', fill: 'fill-idle' },
  NOT_BUILT: { icon: CircleDashed, tone: 'idle', text: 'text-idle', fill: 'fill-idle' },
}

/** Whether nothing more will happen to it. */
export const isFinal = (status: BuildStatus) => finalStatuses.includes(status)
