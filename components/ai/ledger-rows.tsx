'use client'

import { ChevronRight, FileX2, KeyRound } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { LedgerCall } from '@/server/ai/schema.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { SendingDetails } from './sending-details.tsx'
import { useMoney } from './use-money.ts'
import { usePurposeName } from './use-names.ts'

// Dense: what is read across has to stand on one screen.
const right = 'tabular px-2 whitespace-nowrap text-right'
const [wider, wide, medium, small] = [
  'hidden px-2 2xl:table-cell',
  'hidden px-2 xl:table-cell',
  'hidden px-2 lg:table-cell',
  'hidden px-2 md:table-cell',
]

/** Sendings as rows; each opens to all that is known of it. `service` is null where those of all projects are shown. */
export function LedgerRows({ service, calls }: { service: string | null; calls: LedgerCall[] }) {
  const t = useTranslations('ledger')
  const c = useTranslations('ledger.columns')
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th className="w-0">
            <span className="sr-only">{t('details')}</span>
          </Th>
          <Th className="hidden px-2 sm:table-cell">{c('when')}</Th>
          {service === null && <Th className={small}>{c('service')}</Th>}
          <Th className={medium}>{c('who')}</Th>
          <Th className="px-2">{c('purpose')}</Th>
          <Th className={service === null ? wider : wide}>{c('model')}</Th>
          <Th className={cn(small, 'text-right')}>{c('build')}</Th>
          <Th className={cn(small, 'text-right')}>{c('files')}</Th>
          <Th className={cn(medium, 'text-right')}>{c('bytes')}</Th>
          <Th className={cn(small, 'text-right')}>{c('kept')}</Th>
          <Th className={cn(medium, 'text-right')}>{c('input')}</Th>
          <Th className={cn(medium, 'text-right')}>{c('output')}</Th>
          <Th className="px-2 text-right">{c('cost')}</Th>
          <Th className="px-2">{c('status')}</Th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <SendingRow key={call.id} service={service} call={call} />
        ))}
      </tbody>
    </Table>
  )
}

const link = 'rounded hover:text-accent hover:underline'

function Opener({ call, open, controls, onClick }: { call: LedgerCall; open: boolean; controls: string; onClick: () => void }) {
  const t = useTranslations('ledger')
  const purpose = usePurposeName()(call.purpose)
  const at = useFormatter().dateTime(new Date(call.at), { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' })
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      aria-label={t('open', { purpose, at })}
      onClick={onClick}
      className="flex size-7 items-center justify-center rounded text-faint hover:bg-sunken hover:text-ink"
    >
      <ChevronRight aria-hidden className={cn('size-4 transition-transform', open && 'rotate-90')} />
    </button>
  )
}

function Model({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger')
  return (
    <span className="inline-flex items-center gap-1.5">
      <bdi className="font-mono text-xs">{call.model}</bdi>
      {call.demo && <Badge title={t('demoHint')}>{t('demo')}</Badge>}
    </span>
  )
}

function Who({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger')
  return call.person ? <bdi>{call.person.name}</bdi> : <span className="text-faint">{t('nobody')}</span>
}

/** How many secrets were replaced and files left out; nothing where none was. */
function Found({ call }: { call: LedgerCall }) {
  const t = useTranslations('ledger.columns')
  const format = useFormatter()
  if (call.redactions === 0 && call.withheld === 0) return <span className="text-faint">–</span>
  return (
    <span className="inline-flex items-center gap-2">
      {call.redactions > 0 && (
        <span title={t('secrets')} className="inline-flex items-center gap-1 text-warn">
          <KeyRound aria-hidden className="size-3.5" />
          {format.number(call.redactions)}
          <span className="sr-only">{t('secrets')}</span>
        </span>
      )}
      {call.withheld > 0 && (
        <span title={t('withheld')} className="inline-flex items-center gap-1 text-muted">
          <FileX2 aria-hidden className="size-3.5" />
          {format.number(call.withheld)}
          <span className="sr-only">{t('withheld')}</span>
        </span>
      )}
    </span>
  )
}

function BuildLink({ service, call }: { service: string | null; call: LedgerCall }) {
  if (call.build === null) return <span className="text-faint">–</span>
  // Whoever reads for the platform is often no member of the project: its pages are not there for them.
  if (service === null) return `#${call.build}`
  return <Link href={`/${service}/builds/${call.build}`} className={link}>{`#${call.build}`}</Link>
}

/** What left and what came back, in figures. */
function Figures({ service, call }: { service: string | null; call: LedgerCall }) {
  const format = useFormatter()
  const money = useMoney()
  return (
    <>
      <Td className={cn(small, right)}>
        <BuildLink service={service} call={call} />
      </Td>
      <Td className={cn(small, right)}>{format.number(call.files)}</Td>
      <Td className={cn(medium, right)}>
        <ByteSize bytes={call.bytes} />
      </Td>
      <Td className={cn(small, right)}>
        <Found call={call} />
      </Td>
      <Td className={cn(medium, right)}>{format.number(call.inputTokens)}</Td>
      <Td className={cn(medium, right)}>{format.number(call.outputTokens)}</Td>
      <Td className={cn(right, call.demo && 'text-faint')}>{money(call.costMicros)}</Td>
    </>
  )
}

function SendingRow({ service, call }: { service: string | null; call: LedgerCall }) {
  const purpose = usePurposeName()(call.purpose)
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <Tr className="hover:bg-sunken/60">
        <Td className="w-0 pr-0">
          <Opener call={call} open={open} controls={id} onClick={() => setOpen(!open)} />
        </Td>
        <Td className="hidden w-0 px-2 text-muted sm:table-cell">
          <TimeAgo at={call.at} />
        </Td>
        {service === null && (
          <Td className={cn(small, 'max-w-40 truncate')}>
            <bdi>{call.service}</bdi>
          </Td>
        )}
        <Td className={cn(medium, 'max-w-40 truncate')}>
          <Who call={call} />
        </Td>
        <Td className="max-w-44 px-2">
          <bdi className="block truncate font-medium">{purpose}</bdi>
          <span className="block truncate text-muted text-xs sm:hidden">
            <TimeAgo at={call.at} />
          </span>
        </Td>
        <Td className={cn(service === null ? wider : wide, 'whitespace-nowrap')}>
          <Model call={call} />
        </Td>
        <Figures service={service} call={call} />
        <Td className="w-0 whitespace-nowrap px-2">
          <OutcomeBadge call={call} />
        </Td>
      </Tr>
      {open && (
        <tr id={id} className="bg-sunken/60">
          <td colSpan={14} className="px-4 pt-1 pb-4">
            <SendingDetails service={service} call={call} />
          </td>
        </tr>
      )}
    </>
  )
}
