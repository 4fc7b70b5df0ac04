'use client'

import { CircleCheck, CircleSlash, LoaderCircle, TriangleAlert } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useByteText } from '@/components/artifacts/byte-size.tsx'
import { useAlive } from '@/components/client/use-alive.ts'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Progress } from '@/components/ui/progress.tsx'
import { Duration, TimeAgo } from '@/components/ui/time.tsx'
import type { RoundView } from '@/server/rotation/schema.ts'
import { TimeLeft } from './time-left.tsx'

const looks = {
  RUNNING: { tone: 'run', icon: LoaderCircle, word: 'running', spin: 'motion-safe:animate-spin' },
  DONE: { tone: 'ok', icon: CircleCheck, word: 'done', spin: '' },
  CANCELLED: { tone: 'idle', icon: CircleSlash, word: 'cancelled', spin: '' },
  FAILED: { tone: 'bad', icon: TriangleAlert, word: 'failed', spin: '' },
} as const

/** How far a round is, of what was counted. */
export const shareOf = ({ done, total }: RoundView): number => (total === null ? 0 : total === 0 ? 1 : done / total)

export function RoundProgress({ round }: { round: RoundView }) {
  const t = useTranslations('keys.round')
  const format = useFormatter()
  const { total, done } = round
  return (
    <>
      <Progress value={shareOf(round)} label={t('label')} />
      <p className="tabular mt-1 text-muted text-xs">
        {total === null ? t('counting') : t('progress', { done: format.number(done), total: format.number(total) })}
      </p>
    </>
  )
}

function Cancel({ onCancel, busy }: { onCancel: () => void; busy: boolean }) {
  const t = useTranslations('keys.round')
  const alive = useAlive()
  return (
    <Confirm
      trigger={
        <Button size="sm" disabled={busy || !alive}>
          {t('cancel')}
        </Button>
      }
      title={t('cancelTitle')}
      description={t('cancelText')}
      cancel={t('keep')}
      confirm={t('cancel')}
      tone="primary"
      onConfirm={onCancel}
    />
  )
}

/** How much longer it takes; once all is done, it waits for whoever still writes with the old key. */
function Rest({ round }: { round: RoundView }) {
  const t = useTranslations('keys.round')
  return round.total !== null && round.done >= round.total ? <span>{t('again')}</span> : <TimeLeft round={round} />
}

/** The round that goes on, or the last one. */
export function RoundCard(props: { round: RoundView; onCancel: () => void; cancelling: boolean }) {
  const { round } = props
  const t = useTranslations('keys.round')
  const bytesOf = useByteText()
  const { tone, icon: Icon, word, spin } = looks[round.state]
  const runs = round.state === 'RUNNING'
  return (
    <Card>
      <CardHeader
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {t('title')}
            <Badge tone={tone}>
              <Icon aria-hidden className={spin} />
              {t(word)}
            </Badge>
          </span>
        }
      >
        {runs ? (
          <Cancel onCancel={props.onCancel} busy={props.cancelling} />
        ) : (
          round.endedAt && (
            <span className="text-faint text-xs">
              <TimeAgo at={round.endedAt} />
            </span>
          )
        )}
      </CardHeader>
      <CardBody className="grid gap-2">
        {runs && (
          <div>
            <RoundProgress round={round} />
          </div>
        )}
        <p className="tabular flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
          <span>
            {t('sealed', { rows: round.resealed })} · {bytesOf(round.bytes)}
          </span>
          {round.rate !== null && round.rate > 0 && <span>{t('rate', { rate: bytesOf(round.rate) })}</span>}
          {runs ? <Rest round={round} /> : <Duration from={round.startedAt} to={round.endedAt} />}
        </p>
        {round.unreadable > 0 && <p className="text-bad text-sm">{t('unreadable', { count: round.unreadable })}</p>}
        {round.state === 'FAILED' && <p className="text-sm">{t('failedText')}</p>}
      </CardBody>
    </Card>
  )
}
