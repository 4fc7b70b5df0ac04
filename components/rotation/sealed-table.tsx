'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { ByteSize } from '@/components/artifacts/byte-size.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { SealedCountView } from '@/server/rotation/schema.ts'

const right = 'tabular whitespace-nowrap text-right'
const counts = ['toReseal', 'lost', 'inClear'] as const
const names = { toReseal: 'stale', lost: 'lost', inClear: 'clear' } as const
const tones = { toReseal: 'text-muted', lost: 'text-bad', inClear: 'text-warn' } as const

const sumOf = (sealed: SealedCountView[], of: 'rows' | (typeof counts)[number]) => sealed.reduce((sum, one) => sum + one[of], 0)

/** What is sealed, by kind, and how much of it not with the active key. */
export function SealedTable({ sealed }: { sealed: SealedCountView[] }) {
  const t = useTranslations('keys.sealed')
  const format = useFormatter()
  // What never is anything but zero is no column.
  const shown = counts.filter((name) => sumOf(sealed, name) > 0)
  const bytes = sealed.reduce((sum, one) => sum + (one.bytes ?? 0), 0)
  const cell = (value: number, name: (typeof counts)[number]) => (
    <Td key={name} className={cn(right, value > 0 ? tones[name] : 'text-faint')}>
      {format.number(value)}
    </Td>
  )
  return (
    <Card className="overflow-hidden">
      <CardHeader title={t('title')} />
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('kind')}</Th>
            <Th className="text-right">{t('rows')}</Th>
            <Th className="text-right">{t('bytes')}</Th>
            {shown.map((name) => (
              <Th key={name} className="text-right">
                {t(names[name])}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sealed.map((one) => (
            <Tr key={one.kind}>
              <Td className="whitespace-nowrap">{t(`kinds.${one.kind}`)}</Td>
              <Td className={right}>{format.number(one.rows)}</Td>
              <Td className={right}>
                {one.bytes === null ? <span className="text-faint">{t('unknown')}</span> : <ByteSize bytes={one.bytes} />}
              </Td>
              {shown.map((name) => cell(one[name], name))}
            </Tr>
          ))}
          <Tr className="bg-sunken font-medium">
            <Td>{t('total')}</Td>
            <Td className={right}>{format.number(sumOf(sealed, 'rows'))}</Td>
            <Td className={right}>
              <ByteSize bytes={bytes} />
            </Td>
            {shown.map((name) => cell(sumOf(sealed, name), name))}
          </Tr>
        </tbody>
      </Table>
    </Card>
  )
}
