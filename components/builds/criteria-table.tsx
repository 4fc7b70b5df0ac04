'use client'

import { CircleCheck, CircleHelp, CircleX, ListChecks } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { InlineText } from '@/components/ui/inline-text.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { BuildView } from '@/server/builds/schema.ts'

type Criterion = BuildView['criteria'][number]
const looks = { passed: [CircleCheck, 'ok'], failed: [CircleX, 'bad'], unverified: [CircleHelp, 'warn'] } as const
// What needs the reader comes first.
const order = { failed: 0, unverified: 1, passed: 2 } as const

function Result({ result }: { result: Criterion['result'] }) {
  const t = useTranslations('criteria')
  const [Icon, tone] = looks[result]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(result)}
    </Badge>
  )
}

/** What the issue asked for, line by line, and what the platform's own tests found out. */
export function CriteriaTable({ criteria, unreadable }: { criteria: Criterion[]; unreadable: boolean }) {
  const t = useTranslations('criteria')
  if (unreadable)
    return (
      <p className="px-4 py-8 text-center">
        <CannotOpen />
      </p>
    )
  if (criteria.length === 0) return <EmptyState icon={<ListChecks aria-hidden />} title={t('empty')} />
  const sorted = [...criteria].sort((a, b) => order[a.result] - order[b.result])
  const count = (result: Criterion['result']) => criteria.filter((criterion) => criterion.result === result).length
  return (
    <>
      <p className="tabular px-4 py-3 text-muted">
        {t('summary', { passed: count('passed'), failed: count('failed'), unverified: count('unverified') })}
      </p>
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('id')}</Th>
            <Th className="max-sm:hidden">{t('result')}</Th>
            <Th>{t('text')}</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((criterion) => (
            <Tr key={criterion.id} className="align-top">
              <Td className="w-0 whitespace-nowrap align-top">
                <span className="font-mono text-xs">{criterion.id}</span>
                <span className="mt-1 block sm:hidden">
                  <Result result={criterion.result} />
                </span>
              </Td>
              <Td className="w-0 align-top max-sm:hidden">
                <Result result={criterion.result} />
              </Td>
              <Td className="min-w-44 align-top">
                <InlineText text={criterion.text} /> {criterion.derived && <Badge>{t('derived')}</Badge>}
                {criterion.detail && (
                  <Scroller className="mt-1 max-h-40 overflow-auto">
                    <pre className="whitespace-pre-wrap font-mono text-muted text-xs [overflow-wrap:anywhere]">{criterion.detail}</pre>
                  </Scroller>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}
