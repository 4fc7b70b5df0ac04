'use client'

import { CircleCheck, CircleX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import { InlineText } from '@/components/ui/inline-text.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { Table, Td, Tr } from '@/components/ui/table.tsx'
import { DurationText } from '@/components/ui/time.tsx'
import type { TestResult } from '@/server/gate/schema.ts'

function Outcome({ passed }: { passed: boolean }) {
  const t = useTranslations('criteria')
  const Icon = passed ? CircleCheck : CircleX
  return (
    <Badge tone={passed ? 'ok' : 'bad'}>
      <Icon aria-hidden />
      {t(passed ? 'passed' : 'failed')}
    </Badge>
  )
}

/** Each test that the platform ran, the red ones first. */
export function TestReport({ tests }: { tests: TestResult[] }) {
  const t = useTranslations('artifacts')
  const sorted = [...tests].sort((a, b) => Number(a.passed) - Number(b.passed))
  const passed = tests.filter((test) => test.passed).length
  return (
    <>
      <p className="tabular mb-3 text-muted">{t('tests', { passed, count: tests.length })}</p>
      <div className="-mx-4">
        <Table>
          <tbody>
            {sorted.map((test) => (
              <Tr key={`${test.file} ${test.criterion} ${test.name}`}>
                <Td className="w-0 whitespace-nowrap align-top">
                  <Outcome passed={test.passed} />
                  {test.criterion && <span className="mt-1 block font-mono text-faint text-xs">{test.criterion}</span>}
                </Td>
                <Td className="min-w-44 align-top">
                  <InlineText text={test.name} />
                  {test.message && (
                    <Scroller className="mt-1 max-h-48 overflow-auto">
                      <pre className="whitespace-pre-wrap font-mono text-muted text-xs [overflow-wrap:anywhere]">{test.message}</pre>
                    </Scroller>
                  )}
                </Td>
                <Td className="tabular w-0 whitespace-nowrap align-top text-faint text-xs">
                  <DurationText ms={test.durationMs} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
    </>
  )
}
