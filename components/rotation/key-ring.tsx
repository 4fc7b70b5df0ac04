'use client'

import { Archive, KeyRound, ShieldOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { RingKey } from '@/server/rotation/schema.ts'
import { KeyId } from './key-id.tsx'

const looks = {
  ACTIVE: { tone: 'ok', icon: KeyRound },
  RETIRED: { tone: 'idle', icon: Archive },
  DESTROYED: { tone: 'bad', icon: ShieldOff },
} as const

function KeyState({ state }: { state: RingKey['state'] }) {
  const t = useTranslations('keys.ring')
  const { tone, icon: Icon } = looks[state]
  return (
    <Badge tone={tone} title={t(`stateHints.${state}`)}>
      <Icon aria-hidden />
      {t(`states.${state}`)}
    </Badge>
  )
}

function KeyRow({ ringKey }: { ringKey: RingKey }) {
  const t = useTranslations('keys.ring')
  const ended = ringKey.destroyedAt ?? ringKey.retiredAt
  return (
    <Tr>
      <Td>
        <KeyId id={ringKey.id} name={t('id')} />
      </Td>
      <Td>
        <KeyState state={ringKey.state} />
      </Td>
      <Td className="text-muted">
        <TimeAgo at={ringKey.createdAt} />
      </Td>
      <Td className="text-muted">{ended ? <TimeAgo at={ended} /> : '–'}</Td>
      <Td className="tabular whitespace-nowrap text-right">
        {ringKey.rows > 0 ? (
          <>
            {t('rows', { count: ringKey.rows })}
            {ringKey.bytes > 0 && (
              <span className="text-muted">
                {' · '}
                <ByteSize bytes={ringKey.bytes} />
              </span>
            )}
          </>
        ) : (
          <span className="text-faint">{t('nothing')}</span>
        )}
      </Td>
    </Tr>
  )
}

/** The keys of a ring: the active one, those that only open, and those that are gone. */
export function KeyRing({ title, keys, children }: { title: string; keys: RingKey[]; children?: ReactNode }) {
  const t = useTranslations('keys.ring')
  return (
    <Card className="overflow-hidden">
      <CardHeader title={title}>{children}</CardHeader>
      {keys.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden />} title={t('none')} className="py-8">
          {t('noneText')}
        </EmptyState>
      ) : (
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('key')}</Th>
              <Th>{t('state')}</Th>
              <Th>{t('made')}</Th>
              <Th>{t('since')}</Th>
              <Th className="text-right">{t('seals')}</Th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} ringKey={key} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
