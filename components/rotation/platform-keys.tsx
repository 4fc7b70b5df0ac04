'use client'

import { useTranslations } from 'next-intl'
import { useByteText } from '@/components/artifacts/byte-size.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { PlatformRing } from '@/server/rotation/schema.ts'
import { KeyRing } from './key-ring.tsx'
import { MasterCard, NeverBackedUp } from './master-card.tsx'
import { Failed } from './project-keys.tsx'
import { RotateButton } from './rotate-button.tsx'
import { RoundCard, RoundProgress } from './round-card.tsx'
import { SealedTable } from './sealed-table.tsx'
import { StaleNote } from './stale-note.tsx'
import { usePlatformRing } from './use-ring.ts'

function Rounds({ rounds }: { rounds: PlatformRing['rounds'] }) {
  const t = useTranslations('keys.rounds')
  const rate = useTranslations('keys.round')
  const bytesOf = useByteText()
  return (
    <Card className="overflow-hidden">
      <CardHeader title={t('title')} />
      {rounds.length === 0 ? (
        <p className="p-4 text-muted">{t('none')}</p>
      ) : (
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('service')}</Th>
              <Th>{t('progress')}</Th>
              <Th className="text-right">{t('rate')}</Th>
              <Th className="text-right">{t('unreadable')}</Th>
            </tr>
          </thead>
          <tbody>
            {rounds.map((round) => (
              <Tr key={round.id}>
                <Td className="max-w-48 truncate">
                  <bdi>{round.service}</bdi>
                </Td>
                <Td className="min-w-40">
                  <RoundProgress round={round} />
                </Td>
                <Td className="tabular whitespace-nowrap text-right">
                  {round.rate === null ? '–' : rate('rate', { rate: bytesOf(round.rate) })}
                </Td>
                <Td className="tabular text-right">{round.unreadable}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}

/** The keys of the whole installation. */
export function PlatformKeys() {
  const t = useTranslations('keys')
  const { ring: query, rotate, reseal, cancel, master } = usePlatformRing()
  const ring = query.data
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <PageHeader title={t('adminTitle')} meta={ring && t('adminIntro', ring.totals)} />
      {query.isError && <Failed again={() => void query.refetch()} />}
      {ring && (
        <>
          {!ring.master.backedUpAt && <NeverBackedUp />}
          <MasterCard master={ring.master} pending={master.pending} onRotate={master.start} />
          <StaleNote ring={ring} pending={reseal.pending} onReseal={reseal.start} />
          {ring.round && <RoundCard round={ring.round} cancelling={cancel.pending} onCancel={cancel.start} />}
          <KeyRing title={t('ring.platform')} keys={ring.keys}>
            <RotateButton platform size="sm" pending={rotate.pending} onRotate={rotate.start} />
          </KeyRing>
          {ring.sealed.some(({ rows, inClear }) => rows + inClear > 0) && <SealedTable sealed={ring.sealed} />}
          <Rounds rounds={ring.rounds} />
        </>
      )}
    </div>
  )
}
