'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useTimeZone } from '@/components/ui/time.tsx'
import type { AuditEntry } from '@/server/audit/schema.ts'

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

const types = ['user', 'project', 'application', 'token', 'feedback'] as const
const told = ['reason', 'sessions', 'name', 'message', 'from', 'to', 'service', 'role', 'keyId', 'masterId', 'rows', 'keys'] as const

/** What the act itself wrote down; what has no word of its own keeps its bare name. */
function DetailName({ name }: { name: string }) {
  const t = useTranslations('audit.told')
  const known = told.find((one) => one === name)
  return known ? t(known) : <span className="font-mono">{name}</span>
}

const mono = 'font-mono text-xs'

/** All that is known of one entry, and what the act itself said. */
export function EntryFacts({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit')
  const format = useFormatter()
  const timeZone = useTimeZone() ?? 'UTC'
  const known = types.find((type) => type === entry.target.type)
  const kind = known ? t(`types.${known}`) : entry.target.type
  return (
    <dl className="grid gap-x-8 gap-y-2.5 sm:grid-cols-2 lg:grid-cols-3">
      {Object.entries(entry.details).map(([name, value]) => (
        <Fact key={name} name={<DetailName name={name} />}>
          <span dir="auto" className="whitespace-pre-line">
            {String(value)}
          </span>
        </Fact>
      ))}
      <Fact name={t('facts.time')}>{format.dateTime(new Date(entry.at), { dateStyle: 'medium', timeStyle: 'long', timeZone })}</Fact>
      <Fact name={t('columns.who')}>
        <bdi>{entry.actor.email}</bdi>
      </Fact>
      <Fact name={kind}>
        <bdi>{entry.target.label}</bdi>
      </Fact>
      <Fact name={t('facts.target')}>
        <span className={mono}>{entry.target.id}</span>
      </Fact>
      <Fact name={t('facts.address')}>
        <span className={mono}>{entry.address ?? t('facts.unknown')}</span>
      </Fact>
      <Fact name={t('facts.userAgent')}>
        <bdi>{entry.userAgent ?? t('facts.unknown')}</bdi>
      </Fact>
      <Fact name={t('facts.requestId')}>
        <span className={mono}>{entry.requestId}</span>
      </Fact>
      <Fact name={t('facts.entry')}>
        <span className={mono}>{entry.id}</span>
      </Fact>
    </dl>
  )
}
