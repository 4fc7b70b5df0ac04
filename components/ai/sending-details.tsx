'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { DurationText, useTimeZone } from '@/components/ui/time.tsx'
import type { LedgerCall } from '@/server/ai/schema.ts'
import { SendingContent } from './sending-content.tsx'
import { useSending } from './use-ledger.ts'
import { useMoney } from './use-money.ts'
import { useFailureOf, usePurposeName } from './use-names.ts'

function Fact({ name, children, className }: { name: ReactNode; children: ReactNode; className?: string }) {
  return (
    <div className={className ?? 'min-w-0'}>
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="tabular [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

/** A hash or an id, whole, to be copied. */
export function Copyable({ text, name }: { text: string; name: string }) {
  const t = useTranslations('ledger')
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{text}</span>
      <CopyButton text={text} label={t('copyOf', { name })} copied={t('copied')} failed={t('copyFailed')} />
    </span>
  )
}

function Tokens({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger.facts')
  const format = useFormatter()
  const cached = call.cacheReadTokens > 0 || call.cacheWriteTokens > 0
  return (
    <Fact name={t('input')}>
      {format.number(call.inputTokens)}
      {cached && (
        <span className="block text-muted text-xs">
          {t('cached', { read: format.number(call.cacheReadTokens), written: format.number(call.cacheWriteTokens) })}
        </span>
      )}
    </Fact>
  )
}

function Figures({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger.facts')
  const words = useTranslations('ledger')
  const purposeName = usePurposeName()
  const format = useFormatter()
  const money = useMoney()
  const timeZone = useTimeZone() ?? 'UTC'
  const took = call.outcome === 'open' ? t('noAnswer') : <DurationText ms={call.durationMs} />
  return (
    <>
      <Fact name={t('sent')}>{format.dateTime(new Date(call.at), { dateStyle: 'medium', timeStyle: 'long', timeZone })}</Fact>
      <Fact name={t('purpose')}>
        <bdi>{purposeName(call.purpose)}</bdi>
      </Fact>
      <Fact name={t('model')}>
        <bdi className="font-mono text-xs">{call.model}</bdi>
        {call.demo && <span className="block text-muted text-xs">{words('demoHint')}</span>}
      </Fact>
      <Fact name={t('service')}>
        <bdi>{call.service}</bdi>
        {call.build !== null && ` #${call.build}`}
      </Fact>
      <Fact name={t('asked')}>{call.person ? <bdi>{call.person.name}</bdi> : words('nobody')}</Fact>
      <Fact name={t('took')}>{took}</Fact>
      <Fact name={t('answer')}>{call.status > 0 ? t('status', { status: call.status }) : t('noAnswer')}</Fact>
      <Fact name={t('bytes')}>
        <ByteSize bytes={call.bytes} />
      </Fact>
      <Fact name={t('sealed')}>
        <ByteSize bytes={call.sealedBytes} />
      </Fact>
      <Tokens call={call} />
      <Fact name={t('output')}>{format.number(call.outputTokens)}</Fact>
      <Fact name={t('cost')}>{money(call.costMicros)}</Fact>
      <Fact name={t('waits')}>{t('waitsCount', { count: call.waits })}</Fact>
    </>
  )
}

function Marks({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger.facts')
  const marks = [
    [t('sha'), call.details?.sha256],
    [t('key'), call.details?.keyId],
    [t('request'), call.details?.requestId],
    [t('entry'), call.id],
  ] as const
  return (
    <>
      {marks.map(([name, text]) => (
        <Fact key={name} name={name} className="col-span-2 min-w-0">
          {text ? <Copyable text={text} name={name} /> : <span className="text-faint">{t('none')}</span>}
        </Fact>
      ))}
    </>
  )
}

/** All that is known of one sending. */
export function SendingDetails({ service, call: row }: { service: string | null; call: LedgerCall }) {
  const t = useTranslations('ledger')
  const { data: call, isError } = useSending(service, row)
  const failureOf = useFailureOf()
  return (
    // The table may be wider than the screen of a phone; what opens in it is not.
    <div className="sticky left-4 grid max-w-[calc(100vw-4rem)] gap-4">
      {row.outcome === 'failed' && <Banner tone="warn">{failureOf(row)}</Banner>}
      {isError && <Banner tone="bad">{t('failedToLoad')}</Banner>}
      <dl className="grid grid-cols-2 gap-x-8 gap-y-2.5 sm:grid-cols-3 lg:grid-cols-5">
        <Figures call={call ?? row} />
      </dl>
      {call ? (
        <>
          <dl className="grid grid-cols-2 gap-x-8 gap-y-2.5 lg:grid-cols-4">
            <Marks call={call} />
          </dl>
          <SendingContent call={call} />
        </>
      ) : (
        !isError && <Skeleton className="h-24" />
      )}
    </div>
  )
}
